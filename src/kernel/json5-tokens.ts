import { assertNever } from "./errors.ts";
import type { Dialect } from "./json5-scanner.ts";
import type { Positions } from "./positions.ts";
import { setMember } from "./set-member.ts";

/** Objects and lists inside one another. Deeper files are not read: no config needs it, and readers of the result may be recursive. */
export const DEEPEST = 64;

/** All tokens are held at once; a longer text is no file that a person wrote. In UTF-16 units. */
const LONGEST = 100_000;

/** What people's files mostly consist of. Sticky: matching stops at the first thing that is none of these, so that it is linear in the text. */
const TOKENS =
  /[ \t\r\n]+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|'[^'\\\u0000-\u001f]*'|[{}[\]:,]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[A-Za-z_$][A-Za-z0-9_$]*/gy;

const LITERALS: ReadonlyMap<string, unknown> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

type Expected = "key" | "key, not a bracket" | "colon" | "value" | "item" | "item, not a bracket" | "comma" | "end";
type Container = Record<string, unknown> | unknown[];

/**
 * The value of a text of common tokens, found without a look at each character. undefined where the text holds anything
 * rarer (hexadecimal numbers, other escapes or white space) or anything wrong: the parser then reads it, or says what is wrong.
 */
export function parseTokens(text: string, file: string, dialect: Dialect, positions: Positions | undefined): { readonly value: unknown } | undefined {
  const tokens = commonTokens(text);
  if (tokens === null) return undefined;
  const builder = new Builder(file, dialect, positions);
  let offset = 0;
  // Counted: an iterator makes an object for each token.
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (!builder.take(token, offset)) return undefined;
    offset += token.length;
  }
  return offset === text.length && builder.expected === "end" ? { value: builder.root } : undefined;
}

/** What `text` begins with of white space, comments, texts, marks, numbers and words; null for one that is longer than we take at once. */
export function commonTokens(text: string): readonly string[] | null {
  return text.length > LONGEST ? null : text.match(TOKENS);
}

class Builder {
  expected: Expected = "value";
  root: unknown;
  readonly #file: string;
  readonly #isJson: boolean;
  readonly #positions: Positions | undefined;
  readonly #open: Container[] = [];
  #key = "";
  #keyOffset = 0;

  constructor(file: string, dialect: Dialect, positions: Positions | undefined) {
    this.#file = file;
    this.#isJson = dialect === "json";
    this.#positions = positions;
  }

  /** False when the token may not stand here. */
  take(token: string, offset: number): boolean {
    const first = token.charCodeAt(0);
    if (first === 32 || first === 10 || first === 13 || first === 9) return true;
    if (first === 47) return !this.#isJson;
    switch (this.expected) {
      case "key":
        return first === 125 ? this.#close("object") : this.#takeKey(token, first, offset);
      case "key, not a bracket":
        return this.#takeKey(token, first, offset);
      case "colon":
        this.expected = "value";
        return first === 58;
      case "item":
        return first === 93 ? this.#close("list") : this.#takeValue(token, first, offset);
      case "item, not a bracket":
      case "value":
        return this.#takeValue(token, first, offset);
      case "comma":
        return this.#takeComma(first);
      case "end":
        return false;
      default:
        return assertNever(this.expected);
    }
  }

  #takeKey(token: string, first: number, offset: number): boolean {
    const key = first === 34 || first === 39 ? this.#quoted(token, first) : isLetter(first) && !this.#isJson ? token : undefined;
    if (key === undefined) return false;
    this.#key = key;
    this.#keyOffset = offset;
    this.expected = "colon";
    return true;
  }

  #takeValue(token: string, first: number, offset: number): boolean {
    if (first === 123 || first === 91) {
      const container: Container = first === 91 ? [] : {};
      this.#put(container, offset);
      this.#open.push(container);
      this.expected = first === 91 ? "item" : "key";
      return this.#open.length <= DEEPEST;
    }
    const value = first === 34 || first === 39 ? this.#quoted(token, first) : isLetter(first) ? LITERALS.get(token) : numberOf(token, first);
    if (value === undefined) return false;
    this.#put(value, offset);
    this.expected = this.#open.length === 0 ? "end" : "comma";
    return true;
  }

  #takeComma(first: number): boolean {
    const isList = Array.isArray(this.#open.at(-1));
    if (first === (isList ? 93 : 125)) return this.#close(isList ? "list" : "object");
    if (isList) this.expected = this.#isJson ? "item, not a bracket" : "item";
    else this.expected = this.#isJson ? "key, not a bracket" : "key";
    return first === 44;
  }

  #close(kind: "list" | "object"): boolean {
    this.expected = this.#open.length === 1 ? "end" : "comma";
    return Array.isArray(this.#open.pop()) === (kind === "list");
  }

  #put(value: unknown, valueOffset: number): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root = value;
    else if (Array.isArray(parent)) {
      this.#positions?.note(parent, parent.length, { file: this.#file, keyOffset: valueOffset, valueOffset });
      parent.push(value);
    } else {
      this.#positions?.note(parent, this.#key, { file: this.#file, keyOffset: this.#keyOffset, valueOffset });
      setMember(parent, this.#key, value);
    }
  }

  #quoted(token: string, first: number): string | undefined {
    if (first === 39) return this.#isJson ? undefined : token.slice(1, -1);
    return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
  }
}

function numberOf(token: string, first: number): number | undefined {
  return first === 45 || (first >= 48 && first <= 57) ? Number(token) : undefined;
}

/** As the tokens have been told apart: a letter, `_` or `$`. */
function isLetter(code: number): boolean {
  return code === 36 || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
