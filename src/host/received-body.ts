import type { Dispatcher } from "undici";
import type { HttpBody } from "../kernel/http.ts";
import type { Phases } from "./phases.ts";

/** This much waits here at most; then the vendor waits. */
const MOST_WAITING_BYTES = 262_144;

/** A body on its way: what comes is put in at one side and read at the other, no faster than it is read. */
export interface ReceivedBody {
  readonly phases: Phases;
  begin(controller: Dispatcher.DispatchController): void;
  push(chunk: Uint8Array): void;
  end(): void;
  fail(why: unknown): void;
  /** Once. Who stops reading closes the connection. */
  readonly bytes: HttpBody;
}

type Next = IteratorResult<Uint8Array, undefined>;
const OVER: Next = { done: true, value: undefined };

/** The clocks stop when the body is over, and while nobody reads. */
export function receiveBody(phases: Phases): ReceivedBody {
  return new Body(phases);
}

class Body implements ReceivedBody, HttpBody, AsyncIterator<Uint8Array, undefined> {
  readonly phases: Phases;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #reader: { resolve(next: Next): void; reject(why: unknown): void } | undefined;
  #isOver = false;
  /** Read from, or left: a part of it is no longer here. */
  #isBegun = false;
  #failure: { readonly why: unknown } | undefined;

  constructor(phases: Phases) {
    this.phases = phases;
  }

  get bytes(): HttpBody {
    return this;
  }

  arrived(): readonly Uint8Array[] | undefined {
    return this.#isOver && !this.#isBegun && this.#failure === undefined ? this.#waiting.splice(0) : undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  begin(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  push(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.phases.heard();
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < MOST_WAITING_BYTES) return;
    this.#controller?.pause();
    this.phases.rest();
  }

  end(): void {
    this.#close();
    this.#reader?.resolve(OVER);
    this.#reader = undefined;
  }

  fail(thrown: unknown): void {
    if (this.#isOver) return;
    this.#close();
    const why = isEarlyEnd(thrown) ? cutShort(thrown) : thrown;
    if (this.#reader === undefined) this.#failure = { why };
    else this.#reader.reject(why);
    this.#reader = undefined;
  }

  next(): Promise<Next> {
    this.#isBegun = true;
    const chunk = this.#waiting.shift();
    if (chunk !== undefined) {
      this.#waitingBytes -= chunk.length;
      this.#goOn();
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#failure !== undefined) {
      const { why } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(why);
    }
    if (this.#isOver) return Promise.resolve(OVER);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<Next> {
    this.#isBegun = true;
    this.#waiting.length = 0;
    if (this.#isOver) return OVER;
    this.#close();
    this.#controller?.abort(Object.assign(new Error("nobody reads any more"), { name: "AbortError" }));
    return OVER;
  }

  #goOn(): void {
    if (this.#controller?.paused !== true || this.#waitingBytes >= MOST_WAITING_BYTES / 2) return;
    this.phases.heard();
    this.#controller.resume();
  }

  #close(): void {
    this.#isOver = true;
    this.phases.end();
  }
}

/** Ended in good order, but before the body did. undici calls it what it calls a connection that ended before any answer, or no HTTP at all. */
function isEarlyEnd(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { name, code, data } = thrown as Error & { readonly code?: unknown; readonly data?: unknown };
  // Of a parser that has nothing before it: what it cannot read is the end.
  return code === "UND_ERR_SOCKET" || (name === "HTTPParserError" && data === "");
}

function cutShort(cause: unknown): Error {
  return Object.assign(new Error("the answer ended before it was whole", { cause }), { code: "ERR_STREAM_PREMATURE_CLOSE" });
}
