import { AppError } from "./errors.ts";
import { CODE, isDigit } from "./json5-characters.ts";
import { readNumber } from "./json5-number.ts";
import { type Dialect, Scanner } from "./json5-scanner.ts";
import { DEEPEST, parseTokens } from "./json5-tokens.ts";
import { lineAndColumn } from "./place.ts";
import type { Positions } from "./positions.ts";
import { setMember } from "./set-member.ts";

export interface ParseOptions {
  readonly dialect: Dialect;
  /** Takes down where every key and item stands. */
  readonly positions?: Positions;
}

/** Parses in one pass, in time proportional to the text. Throws CONFIG_SYNTAX or CONFIG_TOO_LARGE, always with line and column. */
export function parseDocument(text: string, file: string, options: ParseOptions): unknown {
  const common = parseTokens(text, file, options.dialect, options.positions);
  return common === undefined ? new Parser(text, file, options).document() : common.value;
}

class Parser extends Scanner {
  readonly #positions: Positions | undefined;
  #depth = 0;

  constructor(text: string, file: string, options: ParseOptions) {
    super(text, file, options.dialect);
    this.#positions = options.positions;
  }

  document(): unknown {
    const code = this.next();
    if (Number.isNaN(code)) throw this.fault("the file is empty: expected a value, for example {}");
    const value = this.#value(code);
    if (!Number.isNaN(this.next())) throw this.fault("expected the end of the file after the value");
    return value;
  }

  /** `code` is that of the unit at hand. */
  #value(code: number): unknown {
    if (code === CODE.doubleQuote || (code === CODE.quote && this.dialect === "json5")) return this.quoted();
    if (code === CODE.openObject) return this.#object();
    if (code === CODE.openList) return this.#list();
    if (isDigit(code) || code === CODE.minus || (this.dialect === "json5" && beginsNumber(code))) return readNumber(this);
    if (this.text.startsWith("true", this.at)) return this.#word("true", true);
    if (this.text.startsWith("false", this.at)) return this.#word("false", false);
    if (this.text.startsWith("null", this.at)) return this.#word("null", null);
    throw this.fault(`expected a value${this.#found(code)}`);
  }

  #word<T>(word: string, value: T): T {
    this.at += word.length;
    return value;
  }

  /** Steps into an object or a list: passes its bracket, and gives where it stood. */
  #open(): number {
    if (this.#depth === DEEPEST) {
      throw new AppError("CONFIG_TOO_LARGE", `objects and lists are nested deeper than ${DEEPEST} levels here`, {
        hint: "Take the innermost parts out.",
        place: { file: this.file, ...lineAndColumn(this.text, this.at) },
      });
    }
    this.#depth++;
    return this.at++;
  }

  #close(): void {
    this.#depth--;
    this.at++;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const opened = this.#open();
    for (let code = this.next(); code !== CODE.closeObject; code = this.next()) {
      const keyOffset = this.at;
      const key = this.#key(code, opened);
      if (this.next() !== CODE.colon) throw this.fault("expected `:` after the key");
      this.at++;
      const first = this.next();
      const valueOffset = this.at;
      setMember(object, key, this.#value(first));
      this.#positions?.note(object, key, { file: this.file, keyOffset, valueOffset });
      if (this.#isLast(CODE.closeObject, opened)) break;
    }
    this.#close();
    return object;
  }

  #key(code: number, opened: number): string {
    if (code === CODE.doubleQuote || (code === CODE.quote && this.dialect === "json5")) return this.quoted();
    if (Number.isNaN(code)) throw this.#unclosed("}", opened);
    if (this.dialect === "json") throw this.fault(`expected a key in double quotes${this.#found(code)}`);
    const word = this.word();
    if (word === undefined) throw this.fault(`expected a key or \`}\`${this.#found(code)}; a key that is not a plain word needs quotes`);
    return word;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    const opened = this.#open();
    for (let code = this.next(); code !== CODE.closeList; code = this.next()) {
      if (Number.isNaN(code)) throw this.#unclosed("]", opened);
      const valueOffset = this.at;
      list.push(this.#value(code));
      this.#positions?.note(list, list.length - 1, { file: this.file, keyOffset: valueOffset, valueOffset });
      if (this.#isLast(CODE.closeList, opened)) break;
    }
    this.#close();
    return list;
  }

  /** After a member: true on the closing bracket; a comma is passed over. */
  #isLast(close: number, opened: number): boolean {
    const code = this.next();
    if (code === close) return true;
    const bracket = close === CODE.closeList ? "]" : "}";
    if (Number.isNaN(code)) throw this.#unclosed(bracket, opened);
    if (code !== CODE.comma) throw this.fault(`expected \`,\` or \`${bracket}\` after the value${this.#found(code)}`);
    const comma = this.at++;
    if (this.dialect === "json" && this.next() === close)
      throw this.fault("a comma before the closing bracket is not allowed in this file: it is strict JSON", comma);
    return false;
  }

  #unclosed(bracket: string, opened: number): AppError {
    return this.fault(`the file ends here: expected \`${bracket}\` to close what was opened in line ${lineAndColumn(this.text, opened).line}`);
  }

  /** Names what stands here where it is a mark or the end; words and digits stay unnamed, for they may be part of a secret. */
  #found(code: number): string {
    if (Number.isNaN(code)) return ", and the file ends here";
    const character = String.fromCharCode(code);
    if ("{}[],:='`;()<>".includes(character)) return `, found \`${character}\``;
    return /[\p{L}$_]/u.test(character) ? ", found a word without quotes" : "";
  }
}

function beginsNumber(code: number): boolean {
  return code === CODE.plus || code === CODE.dot || code === 73 || code === 78;
}
