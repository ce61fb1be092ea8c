import type { UpstreamFailure } from "../chat/failure.ts";
import { failureOfThrown } from "./thrown.ts";

export const TOO_LARGE: UpstreamFailure = { reason: "format", detail: "answer_too_large", rule: "answer/too-large" };

export const CUT: UpstreamFailure = { reason: "network", detail: "cut", rule: "answer/cut" };
export const UNREADABLE: UpstreamFailure = { reason: "unknown", detail: "unreadable", rule: "answer/unreadable" };

/** A body that never throws: what went wrong on the way is in `trouble` once the bytes have ended. */
export interface GuardedBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly trouble: UpstreamFailure | undefined;
}

/** Ends, with TOO_LARGE as its trouble, at the chunk that goes beyond `maxBytes`. */
export function guardBody(body: AsyncIterable<Uint8Array>, maxBytes: number): GuardedBody {
  let trouble: UpstreamFailure | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let total = 0;
    try {
      for await (const chunk of body) {
        total += chunk.length;
        if (total > maxBytes) {
          trouble = TOO_LARGE;
          return;
        }
        yield chunk;
      }
    } catch (thrown) {
      trouble = failureOfThrown(thrown);
    }
  }
  return {
    bytes: bytes(),
    get trouble() {
      return trouble;
    },
  };
}

/** As UTF-8, until the body ends or more than `enoughBytes` are read. */
export async function readText({ bytes }: GuardedBody, enoughBytes: number): Promise<string> {
  const utf8 = new TextDecoder();
  const parts: string[] = [];
  let total = 0;
  for await (const chunk of bytes) {
    parts.push(utf8.decode(chunk, { stream: true }));
    total += chunk.length;
    if (total > enoughBytes) break;
  }
  parts.push(utf8.decode());
  return parts.join("");
}
