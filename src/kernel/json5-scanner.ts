import { AppError } from "./errors.ts";
import { CODE, isDigit, isLineEnd, isPlainWordUnit, isWideSpace, isWordCharacter, type WordPart } from "./json5-characters.ts";
import { lineAndColumn } from "./place.ts";

/** `json5`: JSON5 1.0 (https://spec.json5.org). `json`: RFC 8259. */
export type Dialect = "json" | "json5";

/** What stands after a backslash and means one other character. */
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const ESCAPES_OF_JSON5: Readonly<Record<string, string>> = { v: "\v", "\n": "", "\u2028": "", "\u2029": "" };

/** What most keys look like: the engine reads them faster than a loop. */
const PLAIN_WORD = /[A-Za-z_$][\w$]*/y;

/** Reads words and texts, and skips what lies between. `at` is the offset of the next unit. Messages never quote the file: it may hold secrets. */
export class Scanner {
  readonly text: string;
  readonly file: string;
  readonly dialect: Dialect;
  at = 0;

  constructor(text: string, file: string, dialect: Dialect) {
    this.text = text;
    this.file = file;
    this.dialect = dialect;
  }

  /** Stops the reading at an offset. */
  fault(message: string, offset = this.at): AppError {
    return new AppError("CONFIG_SYNTAX", message, {
      hint: "Correct the file there; nothing was changed.",
      place: { file: this.file, ...lineAndColumn(this.text, offset) },
    });
  }

  /** Skips space and comments; gives the code of the next unit, NaN at the end. */
  next(): number {
    const { text } = this;
    for (;;) {
      let at = this.at;
      let code = text.charCodeAt(at);
      while (code === CODE.space || code === CODE.lineFeed || code === CODE.return || code === CODE.tab) code = text.charCodeAt(++at);
      this.at = at;
      if (code === CODE.slash) this.#skipComment();
      else if (this.dialect === "json5" && (code === 11 || code === 12 || (code > 127 && isWideSpace(code)))) this.at++;
      else return code;
    }
  }

  #skipComment(): void {
    const kind = this.text.charCodeAt(this.at + 1);
    if (kind !== CODE.slash && kind !== CODE.star) throw this.fault("a `/` stands here that begins no comment");
    if (this.dialect === "json") throw this.fault("comments are not allowed in this file: it is strict JSON");
    if (kind === CODE.slash) {
      while (this.at < this.text.length && !isLineEnd(this.text.charCodeAt(this.at))) this.at++;
      return;
    }
    const end = this.text.indexOf("*/", this.at + 2);
    if (end < 0) throw this.fault("this comment is not closed: expected `*/`");
    this.at = end + 2;
  }

  /** A text in quotes; `at` is on the opening one. */
  quoted(): string {
    const { text } = this;
    const start = this.at;
    const quote = text[start] ?? "";
    const close = text.indexOf(quote, start + 1);
    const plain = close < 0 ? "\\" : text.slice(start + 1, close);
    if (plain.includes("\\") || plain.includes("\n") || plain.includes("\r") || this.dialect === "json")
      return this.#quotedWithEscapes(start, quote.charCodeAt(0));
    this.at = close + 1;
    return plain;
  }

  #quotedWithEscapes(start: number, quote: number): string {
    const { text } = this;
    let value = "";
    let from = ++this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === quote) {
        value += text.slice(from, this.at++);
        return value;
      }
      if (code === CODE.backslash) {
        value += text.slice(from, this.at) + this.#escape(start);
        from = this.at;
      } else if (code === CODE.lineFeed || code === CODE.return || this.at >= text.length) {
        throw this.fault(`this text is not closed: expected ${text[start]} before the end of the line`, start);
      } else if (code < CODE.space && this.dialect === "json") throw this.fault("a control character must be written as an escape, for example \\t");
      else this.at++;
    }
  }

  #escape(start: number): string {
    const from = this.at;
    const letter = this.text[from + 1];
    if (letter === undefined) throw this.fault(`this text is not closed: expected ${this.text[start]}`, start);
    this.at += 2;
    if (letter === "u") return this.#hexadecimal(4);
    const same = ESCAPES[letter];
    if (same !== undefined) return same;
    if (this.dialect === "json") throw this.fault('expected one of " \\ / b f n r t u after the backslash', from);
    return this.#escapeOfJson5(letter, from);
  }

  #escapeOfJson5(letter: string, from: number): string {
    if (letter === "x") return this.#hexadecimal(2);
    if (letter === "\r") {
      if (this.text.charCodeAt(this.at) === CODE.lineFeed) this.at++;
      return "";
    }
    if (letter === "0" && !isDigit(this.text.charCodeAt(this.at))) return "\0";
    if (letter >= "0" && letter <= "9") throw this.fault("a backslash before a digit means nothing: write \\u and four hexadecimal digits", from);
    return ESCAPES_OF_JSON5[letter] ?? letter;
  }

  #hexadecimal(digits: number): string {
    const written = this.text.slice(this.at, this.at + digits);
    if (written.length < digits || !/^[\da-f]+$/i.test(written))
      throw this.fault(`expected ${digits} hexadecimal digits after the backslash and its letter`, this.at - 2);
    this.at += digits;
    return String.fromCharCode(Number.parseInt(written, 16));
  }

  /** A key without quotes; undefined when none begins here. */
  word(): string | undefined {
    const { text } = this;
    const start = this.at;
    PLAIN_WORD.lastIndex = start;
    if (PLAIN_WORD.test(text)) this.at = PLAIN_WORD.lastIndex;
    const code = text.charCodeAt(this.at);
    if (code === CODE.backslash || code > 127) return this.#wideWord(start);
    return this.at === start ? undefined : text.slice(start, this.at);
  }

  #wideWord(start: number): string | undefined {
    const { text } = this;
    let value = "";
    let from = start;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (isPlainWordUnit(code) || (this.at > start && isDigit(code))) this.at++;
      else if (code === CODE.backslash) {
        value += text.slice(from, this.at) + this.#escapeInWord(this.at === start ? "first" : "later");
        from = this.at;
      } else if (code > 127 && this.#isWideWordUnit(this.at === start ? "first" : "later")) this.at += (text.codePointAt(this.at) ?? 0) > 0xffff ? 2 : 1;
      else break;
    }
    return this.at === start ? undefined : value + text.slice(from, this.at);
  }

  #escapeInWord(where: WordPart): string {
    const from = this.at;
    if (this.text[from + 1] !== "u") throw this.fault("expected \\u and four hexadecimal digits in this key, or put the key in quotes", from);
    this.at += 2;
    const unit = this.#hexadecimal(4);
    const code = unit.charCodeAt(0);
    const fits = isPlainWordUnit(code) || (where === "later" && isDigit(code)) || (code > 127 && isWordCharacter(unit, where));
    if (!fits) throw this.fault("this escape is not a character of a key: put the key in quotes", from);
    return unit;
  }

  #isWideWordUnit(where: WordPart): boolean {
    return isWordCharacter(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0), where);
  }
}
