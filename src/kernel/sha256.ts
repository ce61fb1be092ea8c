import { SHA256_WASM } from "./sha256-wasm.ts";

interface Digester {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly digest: (blocks: number) => void;
}

/** Of https://www.w3.org/TR/wasm-js-api-2/: Node has it, TypeScript's libraries declare it only together with a browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Offsets in the module's memory, in bytes. */
const HASH = 512;
const DATA = 544;
const PAGE = 65_536;

let digester: Digester | undefined;
let encoder: InstanceType<typeof TextEncoder> | undefined;

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, in lower-case hexadecimal. Ours, and in WebAssembly, because it is needed at every start, for
 * the fingerprints of the keys: `node:crypto` brings streams and ciphers along, and in JavaScript the engine may set out to optimise the loop in the
 * middle of a start. Compared with `node:crypto` by its test.
 */
export function sha256(text: string): string {
  digester ??= new WebAssembly.Instance(new WebAssembly.Module(fromBase64(SHA256_WASM))).exports as Digester;
  digester.digest(writePadded(text, digester.memory));
  const hash = new DataView(digester.memory.buffer, HASH, 32);
  let hexadecimal = "";
  for (let i = 0; i < 32; i += 4) hexadecimal += (0x1_0000_0000 + hash.getUint32(i, true)).toString(16).slice(1);
  return hexadecimal;
}

/** FIPS 180-4, 5.1.1: the bytes, a one bit, zeros, and the length in bits, to whole blocks of 64 bytes. Returns their number. */
function writePadded(text: string, memory: Digester["memory"]): number {
  const missing = DATA + text.length * 3 + 128 - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const bytes = new Uint8Array(memory.buffer, DATA);
  encoder ??= new TextEncoder();
  const length = encoder.encodeInto(text, bytes).written;
  const blocks = Math.ceil((length + 9) / 64);
  const end = blocks * 64;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  const view = new DataView(memory.buffer, DATA + end - 8);
  view.setUint32(0, Math.floor(length / 0x2000_0000));
  view.setUint32(4, length * 8);
  return blocks;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const decoded = atob(text);
  const bytes = new Uint8Array(decoded.length);
  for (let i = 0; i < decoded.length; i++) bytes[i] = decoded.charCodeAt(i);
  return bytes;
}
