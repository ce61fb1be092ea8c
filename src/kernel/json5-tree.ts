import { assertNever } from "./errors.ts";
import { CODE, isWideSpace } from "./json5-characters.ts";
import { Scanner } from "./json5-scanner.ts";
import { commonTokens } from "./json5-tokens.ts";

/** A value of a text and where it stands: `start` up to, without, `end`. Offsets in UTF-16 units. */
export interface TreeValue {
  /** `plain`: a number, true, false or null. */
  readonly kind: "object" | "list" | "text" | "plain";
  readonly start: number;
  readonly end: number;
  /** Members or items, in order. */
  readonly parts: readonly TreePart[];
}

/** A member of an object or an item of a list, without the comma behind it. */
export interface TreePart {
  /** Empty for an item. */
  readonly key: string;
  readonly start: number;
  /** Behind the key; of an item the same as `start`. */
  readonly keyEnd: number;
  readonly value: TreeValue;
  /** Where the comma behind it is; undefined when there is none. */
  readonly comma: number | undefined;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };
interface GrowingValue extends Growing<Omit<TreeValue, "parts">> {
  readonly parts: Growing<TreePart>[];
}

/** White space, comments, texts in quotes, marks, and words: coarser than JSON5, for the text is known to be JSON5. */
const ANY_TOKENS = /\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/|"[^"\\]*(?:\\[^][^"\\]*)*"|'[^'\\]*(?:\\[^][^'\\]*)*'|[{}[\]:,]|[^\s{}[\]:,"'/]+/g;

/** Where everything stands in a text that `parseJson5` accepts; undefined when there is nothing but space and comments. */
export function parseTree(text: string): TreeValue | undefined {
  const common = treeOf(commonTokens(text) ?? [], text.length);
  const found = common === "odd" ? treeOf(text.match(ANY_TOKENS) ?? [], text.length) : common;
  return found === "odd" ? undefined : found.root;
}

/** `odd`: these are not the tokens of JSON5. */
function treeOf(tokens: readonly string[], length: number): { readonly root: TreeValue | undefined } | "odd" {
  const builder = new TreeBuilder();
  let at = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    builder.take(token, at);
    at += token.length;
  }
  return at === length && !builder.isOdd ? builder : "odd";
}

class TreeBuilder {
  root: TreeValue | undefined;
  isOdd = false;
  readonly #open: GrowingValue[] = [];
  #key: { readonly key: string; readonly start: number; readonly keyEnd: number } | undefined;

  take(token: string, start: number): void {
    const first = token.charCodeAt(0);
    if (first === CODE.openObject) this.#push("object", start);
    else if (first === CODE.openList) this.#push("list", start);
    else if (first === CODE.closeObject || first === CODE.closeList) this.#pop(start + 1);
    else if (first === CODE.comma) this.#comma(start);
    else if (first !== CODE.colon && first !== CODE.slash && !isSpace(first)) this.#word(token, start);
  }

  #push(kind: "object" | "list", start: number): void {
    const value: GrowingValue = { kind, start, end: start, parts: [] };
    this.#put(value);
    this.#open.push(value);
  }

  #pop(end: number): void {
    const value = this.#open.pop();
    if (value === undefined) this.isOdd = true;
    else value.end = end;
  }

  #comma(at: number): void {
    const last = this.#open.at(-1)?.parts.at(-1);
    if (last === undefined) this.isOdd = true;
    else last.comma = at;
  }

  #word(token: string, start: number): void {
    const end = start + token.length;
    const isQuoted = token[0] === '"' || token[0] === "'";
    const owner = this.#open.at(-1);
    if (owner?.kind !== "object" || this.#key !== undefined) this.#put({ kind: isQuoted ? "text" : "plain", start, end, parts: [] });
    else if (isComplete(owner)) this.isOdd = true;
    else this.#key = { key: keyOf(token, isQuoted ? "quoted" : "bare"), start, keyEnd: end };
  }

  #put(value: TreeValue): void {
    const owner = this.#open.at(-1);
    if (owner === undefined) {
      this.isOdd ||= this.root !== undefined;
      this.root = value;
    } else {
      this.isOdd ||= isComplete(owner);
      const { key, start, keyEnd } = this.#key ?? { key: "", start: value.start, keyEnd: value.start };
      owner.parts.push({ key, start, keyEnd, value, comma: undefined });
    }
    this.#key = undefined;
  }
}

/** No further part may follow without a comma. A number that fell into two tokens is found out by this. */
function isComplete({ parts }: GrowingValue): boolean {
  const last = parts.at(-1);
  return last !== undefined && last.comma === undefined;
}

function isSpace(code: number): boolean {
  return code === CODE.space || (code >= CODE.tab && code <= CODE.return) || (code > 127 && isWideSpace(code));
}

function keyOf(token: string, how: "quoted" | "bare"): string {
  switch (how) {
    case "quoted":
      return token.includes("\\") ? new Scanner(token, "", "json5").quoted() : token.slice(1, -1);
    case "bare":
      return token.includes("\\") ? (new Scanner(token, "", "json5").word() ?? token) : token;
    default:
      return assertNever(how);
  }
}

/** The last member of that name: it is the one that counts. */
export function memberAt({ parts }: TreeValue, key: string): number {
  return parts.findLastIndex((part) => part.key === key);
}
