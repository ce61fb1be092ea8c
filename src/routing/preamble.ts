import type { UpstreamFailure } from "../chat/failure.ts";
import { isErrorBody } from "../protocols/error-body.ts";
import { parseJson } from "../protocols/json-value.ts";

/** So much is held back before the first content. */
export const PREAMBLE_BYTES = 65_536;
const HEAD_CHARACTERS = 256;

export type Preamble = ReturnType<typeof createPreamble>;

/** What came before the first content: it is thrown away when another candidate takes over. */
export function createPreamble() {
  const kept: Uint8Array[] = [];
  const all: Uint8Array[] = [];
  let [byteCount, seenBytes] = [0, 0];
  let head = "";
  return {
    get byteCount() {
      return byteCount;
    },
    see(chunk: Uint8Array): void {
      if (head.length < HEAD_CHARACTERS) head += new TextDecoder().decode(chunk.subarray(0, HEAD_CHARACTERS));
      if (!this.looksLikeEvents && seenBytes <= PREAMBLE_BYTES) all.push(chunk);
      seenBytes += chunk.length;
    },
    hold(pieces: readonly Uint8Array[]): void {
      for (const piece of pieces) {
        kept.push(piece);
        byteCount += piece.length;
      }
    },
    pieces: (): readonly Uint8Array[] => kept,
    seen: (): readonly Uint8Array[] => all,
    get looksLikeEvents(): boolean {
      return /^\uFEFF?\s*(?:data|event|id|retry)?:/.test(head);
    },
    /** An error or a page under the type of a stream. */
    mistaken(classify: (body: string) => UpstreamFailure): UpstreamFailure | undefined {
      if (this.looksLikeEvents) return undefined;
      const text = all
        .map((chunk) => new TextDecoder().decode(chunk))
        .join("")
        .trim();
      return text.startsWith("<") || isErrorBody(parseJson(text)) ? classify(text) : undefined;
    },
  };
}
