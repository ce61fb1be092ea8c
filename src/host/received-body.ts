import type { Dispatcher } from "undici";
import type { HttpBody } from "../kernel/http.ts";
import type { Phases } from "./phases.ts";
import { atTurnsEnd } from "./turns-end.ts";

/** This much waits here at most; then the vendor waits. */
const MOST_WAITING_BYTES = 262_144;
const MOST_TOGETHER_BYTES = 65_536;

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
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    // Vendors send each event as a piece of its own: those that come together are read together.
    if (this.#reader !== undefined && this.#waiting.length === 1) atTurnsEnd(() => this.#tell());
    if (this.#waitingBytes < MOST_WAITING_BYTES) return;
    this.#controller?.pause();
    this.phases.rest();
  }

  end(): void {
    this.#close();
    if (this.#waiting.length === 0) this.#tell();
  }

  fail(thrown: unknown): void {
    if (this.#isOver) return;
    this.#close();
    this.#failure = { why: isEarlyEnd(thrown) ? cutShort(thrown) : thrown };
    if (this.#waiting.length === 0) this.#tell();
  }

  next(): Promise<Next> {
    this.#isBegun = true;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      if (this.#waiting.length > 0 || this.#isOver) this.#tell();
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

  /** Who waits gets what there is. */
  #tell(): void {
    const reader = this.#reader;
    if (reader === undefined || (this.#waiting.length === 0 && !this.#isOver)) return;
    this.#reader = undefined;
    if (this.#waiting.length > 0) {
      const value = this.#take();
      this.#waitingBytes -= value.length;
      this.#goOn();
      return reader.resolve({ done: false, value });
    }
    if (this.#failure === undefined) return reader.resolve(OVER);
    const { why } = this.#failure;
    this.#failure = undefined;
    reader.reject(why);
  }

  /** As many pieces as make up no more than is read from a connection at once. */
  #take(): Uint8Array {
    let count = 1;
    let total = this.#waiting[0]?.length ?? 0;
    for (let more = this.#waiting[count]; more !== undefined && total + more.length <= MOST_TOGETHER_BYTES; more = this.#waiting[++count]) total += more.length;
    const pieces = this.#waiting.splice(0, count);
    return count === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, total);
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
