/** One event of a stream (WHATWG HTML, "Server-sent events"), with two departures: see `end`. */
export interface SseEvent {
  /** Empty where the stream names none. */
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
}

export interface SseDecoder {
  /** The events that these bytes complete. Bytes may be split anywhere, within a character too. Nothing after `isTooLarge`. */
  push(bytes: Uint8Array): readonly SseEvent[];
  /** What stood there when the stream ended: a last event without its empty line counts, and so does a last line without its end. */
  end(): readonly SseEvent[];
  /** A line, or the data of one event, is longer than allowed; the rest of the stream is not looked at. */
  readonly isTooLarge: boolean;
}

const LF = 10;
const CR = 13;

/** `eventCharacters`: how long a line, and the data of one event, may become. */
export function createSseDecoder(limits: { readonly eventCharacters: number }): SseDecoder {
  // Takes a byte order mark off the start and puts U+FFFD for bytes that are no UTF-8.
  const utf8 = new TextDecoder();
  const gathering = createGatherer(limits.eventCharacters);
  let line = "";
  let endedInCr = false;
  let isTooLarge = false;

  const read = (text: string): SseEvent[] => {
    const events: SseEvent[] = [];
    let start = endedInCr && text.charCodeAt(0) === LF ? 1 : 0;
    if (text !== "") endedInCr = false;
    while (!isTooLarge) {
      const end = endOfLine(text, start);
      const isLast = end === text.length;
      const more = text.slice(start, end);
      if (line.length + more.length > limits.eventCharacters) isTooLarge = true;
      else if (isLast) line += more;
      else {
        const event = gathering.line(line + more);
        line = "";
        if (event !== undefined) events.push(event);
        isTooLarge = gathering.isTooLarge;
      }
      if (isLast) break;
      const isCr = text.charCodeAt(end) === CR;
      start = isCr && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
      endedInCr = isCr && start === text.length && end + 1 === start;
    }
    return events;
  };

  return {
    push: (bytes) => (isTooLarge ? [] : read(utf8.decode(bytes, { stream: true }))),
    end: () => (isTooLarge ? [] : read(`${utf8.decode()}\n\n`)),
    get isTooLarge() {
      return isTooLarge;
    },
  };
}

function endOfLine(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR) return i;
  }
  return text.length;
}

/** Gathers the lines of one event after the other; gives an event back at the empty line that ends it. */
function createGatherer(maxCharacters: number) {
  let name = "";
  let data: string[] = [];
  let characters = 0;
  let id: string | undefined;
  let isTooLarge = false;

  const finish = (): SseEvent | undefined => {
    const text = data.join("\n");
    const event = text === "" ? undefined : { name, data: text, id };
    name = "";
    data = [];
    characters = 0;
    return event;
  };

  return {
    get isTooLarge() {
      return isTooLarge;
    },
    line(line: string): SseEvent | undefined {
      if (line === "") return finish();
      const colon = line.indexOf(":");
      // A comment: a vendor's sign of life.
      if (colon === 0) return undefined;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
      if (field === "event") name = value;
      else if (field === "id") id = value;
      else if (field === "data") {
        characters += value.length + 1;
        if (characters > maxCharacters) isTooLarge = true;
        else data.push(value);
      }
      return undefined;
    },
  };
}
