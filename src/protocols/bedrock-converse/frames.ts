import type { UpstreamFailure } from "../../chat/failure.ts";
import type { StreamDecoder, StreamEvent } from "../answer.ts";
import { TOO_LARGE, UNREADABLE } from "../body.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { parseExact } from "../exact-json.ts";
import { crc32 } from "./crc32.ts";

/** Total length, length of the headers, and a checksum of both, four bytes each; after headers and payload comes a checksum of the whole. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/**
 * The frames of `application/vnd.amazon.eventstream`. A frame whose checksum is wrong is dropped; one whose lengths are, ends the stream, for
 * nobody knows where the next begins. Format: smithy.io/2.0/aws/amazon-eventstream.html, checked on 2026-11-21.
 */
export function createFrameDecoder({ eventBytes }: { readonly eventBytes: number }): StreamDecoder {
  let held: Uint8Array = new Uint8Array(0);
  let fault: UpstreamFailure | undefined;

  const push = (bytes: Uint8Array): StreamEvent[] => {
    if (fault !== undefined) return [];
    held = joined(held, bytes);
    const events: StreamEvent[] = [];
    while (held.length >= PRELUDE_BYTES) {
      const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
      const totalBytes = view.getUint32(0);
      if (totalBytes < PRELUDE_BYTES + CHECKSUM_BYTES || view.getUint32(8) !== crc32(held.subarray(0, 8))) fault = UNREADABLE;
      else if (totalBytes > eventBytes) fault = TOO_LARGE;
      if (fault !== undefined || held.length < totalBytes) break;
      events.push(readFrame(held.subarray(0, totalBytes)));
      held = held.subarray(totalBytes);
    }
    return events;
  };

  return {
    push,
    end: () => [],
    get fault() {
      return fault;
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const DROPPED: StreamEvent = { name: "", value: undefined };

function readFrame(frame: Uint8Array): StreamEvent {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const end = frame.length - CHECKSUM_BYTES;
  if (view.getUint32(end) !== crc32(frame.subarray(0, end))) return DROPPED;
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  if (headersEnd > end) return DROPPED;
  const headers = readHeaders(frame.subarray(PRELUDE_BYTES, headersEnd));
  const payload = parseExact(new TextDecoder().decode(frame.subarray(headersEnd, end)));
  const exception = headers.get(":exception-type") ?? headers.get(":error-code");
  if (exception === undefined) return { name: headers.get(":event-type") ?? "", value: payload };
  return { name: "error", value: { message: headers.get(":error-message"), ...objectAt(payload), __type: exception } };
}

/** How many bytes the value of a header has, by its type; those of bytes (6) and text (7) state it themselves. */
const VALUE_BYTES: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const TEXT = 7;

/** Headers of text; others are passed over. */
function readHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const utf8 = new TextDecoder();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd] ?? -1;
    const fixed = VALUE_BYTES[type];
    if (fixed === undefined) break;
    const start = nameEnd + (fixed < 0 ? 3 : 1);
    const size = fixed < 0 ? (bytes[nameEnd + 1] ?? 0) * 256 + (bytes[nameEnd + 2] ?? 0) : fixed;
    if (type === TEXT) headers.set(utf8.decode(bytes.subarray(at + 1, nameEnd)), utf8.decode(bytes.subarray(start, start + size)));
    at = start + size;
  }
  return headers;
}
