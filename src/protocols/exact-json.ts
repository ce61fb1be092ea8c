import { isExact } from "../kernel/exact-numbers.ts";
import { at, parseJson } from "../kernel/json-value.ts";
import { endOfString, nameOf, skipSpace } from "./json-spans.ts";

/**
 * Numbers that JavaScript cannot hold: 64-bit keys, long decimals, 1e400. A parsed object has what JSON.parse makes of them, so that nobody ever meets
 * anything else. By object and key it is remembered, as long as the object lives, how the text wrote them: `writeExact` writes that again. A copy of the
 * object is written with what it holds.
 */
const digits = new WeakMap<object, Map<string, string>>();

/** Until there is one, nobody has to look for them. */
let isAnyKept = false;

/** As `parseJson`, for what is written again by `writeExact`. */
export function parseExact(text: string): unknown {
  return keepDigits(text, parseJson(text));
}

/** `value`, as it was parsed from `text`. Of a text without such a number that is one look: 50 µs for 100 kB. */
export function keepDigits<T>(text: string, value: T): T {
  if (typeof value === "object" && value !== null && mayChange(text)) walk(text, value);
  return value;
}

/** As JSON.stringify; numbers in parsed objects as they were written there. */
export function writeExact(value: object): string {
  return isAnyKept && holdsDigits(value) ? (written(value) ?? "") : JSON.stringify(value);
}

/** V8 goes through a text in leaps for these, and not for `\d{8}`. */
const MANY_DIGITS = /\d\d\d\d\d\d\d\d/;
const LONG_EXPONENT = /\d[eE][+-]?\d\d\d/;
/** Sixteen digits, or an exponent of three, where values stand: not within a word or a picture's base64. */
const MAY_CHANGE = /[:,[\s]-?\d(?:[\d.]{15}|[\d.]*[eE][+-]?\d{3})/;

function mayChange(text: string): boolean {
  return (MANY_DIGITS.test(text) || LONG_EXPONENT.test(text)) && MAY_CHANGE.test(text);
}

interface Holder {
  /** undefined where the text says a name twice, and this is not what the last one holds. */
  readonly value: object | undefined;
  readonly isList: boolean;
  key: string | number;
}

/** Goes through a text that parsed, and beside it through its value. */
function walk(text: string, root: object): void {
  const holders: Holder[] = [];
  for (let i = 0; i < text.length; i++) {
    const here = holders.at(-1);
    const character = text[i] ?? "";
    if (character === '"') {
      const end = endOfString(text, i);
      if (here?.isList === false && text[skipSpace(text, end)] === ":") here.key = nameOf(text, i, end);
      i = end - 1;
    } else if (character === "{" || character === "[") holders.push(holderOf(here === undefined ? root : at(here.value, here.key), character));
    else if (character === "}" || character === "]") holders.pop();
    else if (character === "," && typeof here?.key === "number") here.key++;
    else if (character === "-" || (character >= "0" && character <= "9")) {
      const literal = literalAt(text, i);
      if (here?.value !== undefined) note(here.value, String(here.key), literal);
      i += literal.length - 1;
    }
  }
}

function holderOf(value: unknown, opening: string): Holder {
  const isList = opening === "[";
  const holder = typeof value === "object" && value !== null ? value : undefined;
  if (holder !== undefined) digits.delete(holder);
  return { value: holder, isList, key: isList ? 0 : "" };
}

function literalAt(text: string, start: number): string {
  let end = start + 1;
  while (end < text.length && "0123456789.eE+-".includes(text[end] ?? " ")) end++;
  return text.slice(start, end);
}

/** Of a name that the text says twice the last one counts. */
function note(holder: object, key: string, literal: string): void {
  if (isExact(literal)) {
    digits.get(holder)?.delete(key);
    return;
  }
  isAnyKept = true;
  const kept = digits.get(holder) ?? new Map<string, string>();
  digits.set(holder, kept.set(key, literal));
}

function holdsDigits(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return digits.has(value) || Object.values(value).some(holdsDigits);
}

/** undefined for what JSON leaves out. */
function written(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || typeof (value as { toJSON?: unknown }).toJSON === "function") return JSON.stringify(value);
  const kept = digits.get(value);
  const inner = (key: string): string | undefined => {
    const held = (value as Record<string, unknown>)[key];
    const literal = kept?.get(key);
    return literal !== undefined && Object.is(Number(literal), held) ? literal : written(held);
  };
  if (Array.isArray(value)) return `[${Array.from(value, (_, i) => inner(String(i)) ?? "null").join(",")}]`;
  const fields = Object.keys(value).flatMap((key) => {
    const text = inner(key);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${fields.join(",")}}`;
}
