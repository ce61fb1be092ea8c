import { needsNoQuotes, type Quote, type WritingStyle } from "./json5-style.ts";

/** What may be written. `undefined` members are left out. */
export type Writable = string | number | boolean | null | Verbatim | readonly Writable[] | { readonly [key: string]: Writable };

/** A piece of JSON5 that is written as it is. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Where a value is written. */
export interface WritingPlace {
  /** Of the line that it begins on. */
  readonly indent: string;
  /** Columns before it on its line. */
  readonly column: number;
  /** `one line`: whatever it is, for all around it is on one line. */
  readonly layout: "free" | "one line";
}

const WIDEST = 80;

export function writeKey(key: string, style: WritingStyle): string {
  if (!needsNoQuotes(key)) return quoted(key, style.neededKeyQuote);
  return style.keyQuote === "" ? key : quoted(key, style.keyQuote);
}

/** The value as JSON5, laid out like the text around it. */
export function writeValue(value: Writable, style: WritingStyle, place: WritingPlace): string {
  if (!isContainer(value)) return writePlain(value, style.quote);
  const isForced = place.layout === "one line" || isEmpty(value);
  if (!isForced && !mayBeShort(value, style)) return writeLines(value, style, place);
  const line = writeLine(value, style);
  if (isForced || place.column + line.length <= WIDEST) return line;
  return writeLines(value, style, place);
}

/** `key: value`. */
export function writeMember(key: string, value: Writable, style: WritingStyle, place: WritingPlace): string {
  const start = `${writeKey(key, style)}${style.colon}`;
  return start + writeValue(value, style, { ...place, column: place.column + start.length });
}

type Container = readonly Writable[] | { readonly [key: string]: Writable };

function isContainer(value: Writable): value is Container {
  return typeof value === "object" && value !== null && !(value instanceof Verbatim);
}

function isEmpty(value: Container): boolean {
  return Object.keys(value).length === 0;
}

/** Nothing in it but plain values and lists of them, and such ones are put on one line here. */
function mayBeShort(value: Container, style: WritingStyle): boolean {
  if (Array.isArray(value)) return style.shortLists === "one line" && !value.some(isContainer);
  return style.shortObjects === "one line" && Object.values(value).every((inner) => !isContainer(inner) || (Array.isArray(inner) && mayBeShort(inner, style)));
}

function writeLine(value: Container, style: WritingStyle): string {
  const place: WritingPlace = { indent: "", column: 0, layout: "one line" };
  const between = `,${style.gap}`;
  if (Array.isArray(value)) return `[${(value as readonly Writable[]).map((item) => writeValue(item, style, place)).join(between)}]`;
  const members = Object.entries(value).map(([key, inner]) => writeMember(key, inner, style, place));
  return members.length === 0 ? "{}" : `{${style.pad}${members.join(between)}${style.pad}}`;
}

function writeLines(value: Container, style: WritingStyle, { indent }: WritingPlace): string {
  const inner: WritingPlace = { indent: indent + style.unit, column: indent.length + style.unit.length, layout: "free" };
  const parts = Array.isArray(value)
    ? (value as readonly Writable[]).map((item) => writeValue(item, style, inner))
    : Object.entries(value).map(([key, member]) => writeMember(key, member, style, inner));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const lines = parts.map((part) => inner.indent + part).join(`,${style.lineEnd}`);
  return `${open}${style.lineEnd}${lines}${style.lastComma}${style.lineEnd}${indent}${close}`;
}

function writePlain(value: Exclude<Writable, Container>, quote: Quote): string {
  if (value instanceof Verbatim) return value.text;
  if (typeof value === "string") return quoted(value, quote);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Escaped so that the result is also strict JSON when the quotes are double. */
function quoted(text: string, quote: Quote): string {
  const json = JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  if (quote === '"') return json;
  return `'${json.slice(1, -1).replace(/\\[^]|'/g, (found) => (found === '\\"' ? '"' : found === "'" ? "\\'" : found))}'`;
}
