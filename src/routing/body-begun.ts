import type { HttpBody, HttpResponse } from "../kernel/http.ts";

/**
 * The same answer, and a word when its body has truly begun. Vendors write blanks for as long as they have nothing to say: those hold the connection, and
 * are no part of an answer.
 */
export function tellingBegin(response: HttpResponse, onBegun: () => void): HttpResponse {
  return { status: response.status, headers: response.headers, body: new Watched(response.body, onBegun) };
}

class Watched implements HttpBody {
  readonly #body: HttpBody;
  readonly #onBegun: () => void;

  constructor(body: HttpBody, onBegun: () => void) {
    this.#body = body;
    this.#onBegun = onBegun;
  }

  arrived(): readonly Uint8Array[] | undefined {
    return this.#body.arrived?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const bytes = this.#body[Symbol.asyncIterator]();
    let hasBegun = false;
    const look = (next: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> => {
      if (hasBegun || next.done === true || next.value.every(isBlank)) return next;
      hasBegun = true;
      this.#onBegun();
      return next;
    };
    return {
      next: () => (hasBegun ? bytes.next() : bytes.next().then(look)),
      return: async () => (await bytes.return?.()) ?? { done: true, value: undefined },
    };
  }
}

/** As JSON has them: space, tab, line feed, carriage return. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
