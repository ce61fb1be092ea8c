import { Readable } from "node:stream";
import type { ReadStream } from "node:tty";

/** What typing does not mean at a question, taken out before the prompts see it. */
const KEYS_CHANGED: ReadonlyMap<string, string> = new Map([
  // End of input gives up, as Ctrl-C does: the prompts would wait for ever.
  ["\u0004", "\u0003"],
  // Stopped by Ctrl-Z, the prompts would not find back to raw mode.
  ["\u001a", ""],
]);
const PASTE_BEGINS = "\u001b[200~";
const PASTE_ENDS = "\u001b[201~";
/** Asks the terminal to mark what is pasted (xterm's mode 2004, known to all of today's). */
const MARK_PASTES = { on: "\u001b[?2004h", off: "\u001b[?2004l" };

/**
 * Standard input as the prompts read it, for one question. Something pasted is one key, whatever is in it: line breaks are cut out, so that
 * they neither end the question nor send the rest of a secret on to the shell.
 */
export class Keyboard extends Readable {
  readonly isTTY = true;
  isRaw = false;
  readonly #tty: ReadStream;
  readonly #given: { readonly up: () => void; readonly marks: (sequence: string) => void };
  /** What was pasted so far, while its end has not come. */
  #pasted: string | undefined;

  constructor(tty: ReadStream, given: { readonly up: () => void; readonly marks: (sequence: string) => void }) {
    super({ read: () => undefined });
    this.#tty = tty;
    this.#given = given;
    given.marks(MARK_PASTES.on);
    tty.setEncoding("utf8");
    tty.on("data", this.#take).on("end", given.up).on("error", given.up);
    process.on("SIGCONT", this.#again);
    tty.resume();
  }

  setRawMode(mode: unknown): this {
    this.isRaw = mode === true;
    this.#tty.setRawMode(this.isRaw);
    return this;
  }

  /** The terminal is as it was; what was typed ahead stays there. */
  release(): void {
    this.setRawMode(false);
    this.#tty.pause();
    this.#tty.off("data", this.#take).off("end", this.#given.up).off("error", this.#given.up);
    process.off("SIGCONT", this.#again);
    this.#given.marks(MARK_PASTES.off);
  }

  /** A shell that was in between has taken the terminal out of raw mode: what is typed would be shown. */
  readonly #again = (): void => {
    this.#tty.setRawMode(this.isRaw);
  };

  readonly #take = (data: string | Buffer): void => {
    let rest = data.toString();
    while (rest !== "") rest = this.#pasted === undefined ? this.#type(rest) : this.#paste(rest);
  };

  /** Hands on what comes before a paste; gives back what comes after its beginning. */
  #type(text: string): string {
    const begins = text.indexOf(PASTE_BEGINS);
    const typed = begins < 0 ? text : text.slice(0, begins);
    for (const part of typed.split(/([\u0004\u001a])/)) {
      const keys = KEYS_CHANGED.get(part) ?? part;
      if (keys !== "") this.emit("data", Buffer.from(keys));
    }
    if (begins < 0) return "";
    this.#pasted = "";
    return text.slice(begins + PASTE_BEGINS.length);
  }

  #paste(text: string): string {
    const all = `${this.#pasted ?? ""}${text}`;
    const ends = all.indexOf(PASTE_ENDS);
    this.#pasted = ends < 0 ? all : undefined;
    if (ends < 0) return "";
    const pasted = onOneLine(all.slice(0, ends));
    if (pasted !== "") this.emit("keypress", pasted, { sequence: pasted, name: undefined, ctrl: false, meta: false, shift: false });
    return all.slice(ends + PASTE_ENDS.length);
  }
}

/** Other white space stays to be seen: two words are no key. */
function onOneLine(pasted: string): string {
  return pasted.replace(/[\r\n\u2028\u2029]+/g, "").replace(/[\u0000-\u001f\u007f]/g, " ");
}
