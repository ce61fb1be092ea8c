import type { UpstreamFailure } from "../chat/failure.ts";
import { isErrorBody } from "../protocols/error-body.ts";
import { parseJson } from "../kernel/json-value.ts";

/** So much is held back before the first content. */
export const PREAMBLE_BYTES = 65_536;
const HEAD_CHARACTERS = 256;
const utf8 = new TextDecoder();

/** What came before the first content: it is thrown away when another candidate takes over. */
export function createPreamble(): Preamble {
  return new Preamble();
}

export class Preamble {
  readonly #kept: Uint8Array[] = [];
  readonly #all: Uint8Array[] = [];
  #seenBytes = 0;
  #head = "";
  byteCount = 0;

  see(chunk: Uint8Array): void {
    if (this.#head.length < HEAD_CHARACTERS) this.#head += utf8.decode(chunk.subarray(0, HEAD_CHARACTERS));
    if (!this.looksLikeEvents && this.#seenBytes <= PREAMBLE_BYTES) this.#all.push(chunk);
    this.#seenBytes += chunk.length;
  }

  hold(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#kept.push(piece);
      this.byteCount += piece.length;
    }
  }

  pieces(): readonly Uint8Array[] {
    return this.#kept;
  }

  seen(): readonly Uint8Array[] {
    return this.#all;
  }

  get looksLikeEvents(): boolean {
    return /^\uFEFF?\s*(?:data|event|id|retry)?:/.test(this.#head);
  }

  /** An error or a page under the type of a stream. */
  mistaken(classify: (body: string) => UpstreamFailure): UpstreamFailure | undefined {
    if (this.looksLikeEvents) return undefined;
    const text = this.#all
      .map((chunk) => utf8.decode(chunk))
      .join("")
      .trim();
    return text.startsWith("<") || isErrorBody(parseJson(text)) ? classify(text) : undefined;
  }
}
