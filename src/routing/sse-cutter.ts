/** Where one event stands in `CutEvents.bytes`, its empty line included, and what it says. */
export interface CutEvent {
  readonly start: number;
  readonly end: number;
  /** Empty where the stream names none. */
  readonly name: string;
  /** Empty for a comment, and for an event without data. */
  readonly data: string;
}

export interface CutEvents {
  readonly bytes: Uint8Array;
  readonly events: readonly CutEvent[];
}

/** Cuts a stream of server-sent events into its events without changing a byte of it. */
export interface EventCutter {
  push(chunk: Uint8Array): CutEvents;
  /** A last event without its empty line, which is then added. */
  end(): CutEvents;
  /** One event is longer than allowed; nothing more is given. */
  readonly isTooLarge: boolean;
}

const LF = 10;
const CR = 13;
const NONE: CutEvents = { bytes: new Uint8Array(0), events: [] };
const NO_BYTES = new Uint8Array(0);
/** For whole events it remembers nothing between two of them. */
const utf8 = new TextDecoder();

export function createEventCutter({ eventBytes }: { readonly eventBytes: number }): EventCutter {
  return new Cutter(eventBytes);
}

class Cutter implements EventCutter {
  readonly #eventBytes: number;
  #rest: Uint8Array = NO_BYTES;
  isTooLarge = false;

  constructor(eventBytes: number) {
    this.#eventBytes = eventBytes;
  }

  push(chunk: Uint8Array): CutEvents {
    return this.isTooLarge ? NONE : this.#cut(this.#rest.length === 0 ? chunk : joined(this.#rest, chunk));
  }

  end(): CutEvents {
    if (this.isTooLarge || this.#rest.length === 0) return NONE;
    const last = this.#cut(this.#rest, "end");
    if (this.#rest.length === 0) return last;
    const left = joined(last.bytes, new Uint8Array([LF, LF]));
    return this.#cut(left, "end");
  }

  #cut(bytes: Uint8Array, at: "middle" | "end" = "middle"): CutEvents {
    const events: CutEvent[] = [];
    let start = 0;
    for (let end = endOfEvent(bytes, start, at); end !== -1; end = endOfEvent(bytes, start, at)) {
      if (end - start > this.#eventBytes) this.isTooLarge = true;
      events.push({ start, end, ...readEvent(utf8.decode(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))) });
      start = end;
    }
    this.#rest = start === bytes.length ? NO_BYTES : bytes.subarray(start);
    if (this.#rest.length > this.#eventBytes) this.isTooLarge = true;
    return this.isTooLarge ? NONE : { bytes, events };
  }
}

/**
 * Behind the empty line that ends the event at `start`; -1 where it does not end yet. A carriage return at the very end may be half of a line's
 * end, so it waits for the next byte.
 */
function endOfEvent(bytes: Uint8Array, start: number, at: "middle" | "end"): number {
  let isLineEmpty = true;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== LF && byte !== CR) {
      isLineEmpty = false;
      const next = bytes.indexOf(LF, i);
      const until = next === -1 ? bytes.length : next;
      const back = bytes.subarray(i, until).indexOf(CR);
      i = (back === -1 ? until : i + back) - 1;
      continue;
    }
    if (byte === CR && i + 1 === bytes.length && at === "middle") return -1;
    if (byte === CR && bytes[i + 1] === LF) i++;
    if (isLineEmpty) return i + 1;
    isLineEmpty = true;
  }
  return -1;
}

function readEvent(text: string): { readonly name: string; readonly data: string } {
  if (text.startsWith("data: ") && text.indexOf("\n") === text.length - 2 && !text.includes("\r")) return { name: "", data: text.slice(6, -2) };
  let name = "";
  let data: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") name = value;
    else if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
  }
  return { name, data: data ?? "" };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
