/**
 * Tells whether a text is the one that it was: 64 bits in hexadecimal. Against accidents, not against people; for those there is `sha256`. Two lanes
 * that multiply and shift, four bytes of UTF-8 at a time.
 */
export function checksum(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - (bytes.length % 4);
  let low = bytes.length;
  let high = 0x9e3779b9;
  for (let i = 0; i < end; i += 4) {
    low = Math.imul(low ^ view.getInt32(i), 0x85ebca6b);
    low ^= low >>> 15;
    high = Math.imul(high + low, 0xc2b2ae35);
  }
  for (const byte of bytes.subarray(end)) {
    low = Math.imul(low ^ byte, 0x85ebca6b);
    low ^= low >>> 15;
    high = Math.imul(high + low, 0xc2b2ae35);
  }
  return hexadecimal(high ^ (high >>> 16)) + hexadecimal(low);
}

function hexadecimal(lane: number): string {
  return (0x1_0000_0000 + (lane >>> 0)).toString(16).slice(1);
}
