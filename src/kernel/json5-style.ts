import type { TreePart, TreeValue } from "./json5-tree.ts";
import { beginsLine, holdsLineEnd, indentAt, pastSpaces } from "./json5-trivia.ts";

export type Quote = '"' | "'";

/** How a text is written. What it does not show is as in a tidy new JSON5 file. */
export interface WritingStyle {
  readonly lineEnd: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Around keys that need none. */
  readonly keyQuote: Quote | "";
  /** Around keys that need one. */
  readonly neededKeyQuote: Quote;
  /** Around texts. */
  readonly quote: Quote;
  /** Between key and value, with its spaces. */
  readonly colon: string;
  /** Behind a comma on the same line. */
  readonly gap: string;
  /** Inside the braces of an object on one line. */
  readonly pad: string;
  readonly lastComma: "," | "";
  /** Whether objects and lists with nothing but plain values are put on one line. */
  readonly shortObjects: "one line" | "many lines";
  readonly shortLists: "one line" | "many lines";
}

type Evidence = { -readonly [K in keyof WritingStyle]?: WritingStyle[K] };

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

export function needsNoQuotes(key: string): boolean {
  return PLAIN_KEY.test(key);
}

/** What is near counts first: the container itself and what it holds, then the whole text. */
export function styleOf(text: string, root: TreeValue, near: TreeValue): WritingStyle {
  const found = near === root ? evidenceIn(root, root, text) : { ...evidenceIn(root, root, text), ...evidenceIn(near, root, text) };
  const quote = found.quote ?? found.neededKeyQuote ?? (found.keyQuote || '"');
  const keyQuote = found.keyQuote ?? "";
  const short = keyQuote === "" ? "one line" : "many lines";
  return {
    lineEnd: /\r\n|\n|\r/.exec(text)?.[0] ?? "\n",
    unit: "  ",
    keyQuote,
    neededKeyQuote: keyQuote || quote,
    quote,
    colon: ": ",
    gap: " ",
    pad: " ",
    lastComma: keyQuote === "" ? "," : "",
    shortObjects: found.shortLists ?? short,
    shortLists: found.shortObjects ?? short,
    ...found,
  };
}

/** Further ones show nothing new. */
const MOST_CONTAINERS = 40;
const MOST_PARTS = 6;

function evidenceIn(container: TreeValue, root: TreeValue, text: string): Evidence {
  const found: Evidence = {};
  const open = [container];
  for (let i = 0; i < open.length && i < MOST_CONTAINERS; i++) {
    const next = open[i] as TreeValue;
    look(next, text, found);
    if (next !== root && next.parts.every(({ value }) => value.parts.length === 0)) lookAtLayout(next, text, found);
    for (const { value } of next.parts) if (value.parts.length > 0) open.push(value);
  }
  return found;
}

/** Takes down what this container shows and nothing before it has shown. */
function look(container: TreeValue, text: string, found: Evidence): void {
  const { parts, kind, start } = container;
  const last = parts.at(-1);
  if (last === undefined) return;
  if (beginsLine(text, last.start)) lookAtLines(container, last, text, found);
  else if (kind === "object") found.pad ??= text[start + 1] === " " ? " " : "";
  for (let i = 0; i < parts.length && i < MOST_PARTS; i++) lookAtPart(parts[i] as TreePart, text, found);
  const gap = found.gap ?? gapBetween(parts[0], parts[1], text);
  if (gap !== undefined) found.gap = gap;
}

/** One on one line is enough to show that this is how short ones are written. */
function lookAtLayout({ kind, start, end, parts }: TreeValue, text: string, found: Evidence): void {
  if (parts.length === 0) return;
  const layout = holdsLineEnd(text, start, end) ? "many lines" : "one line";
  if (kind === "object") found.shortObjects = found.shortObjects === "one line" ? "one line" : layout;
  else found.shortLists = found.shortLists === "one line" ? "one line" : layout;
}

/** undefined where more than spaces stands there. */
function gapBetween(before: TreePart | undefined, part: TreePart | undefined, text: string): string | undefined {
  if (before?.comma === undefined || part === undefined) return undefined;
  return spacesAlone(text.slice(before.comma + 1, part.start));
}

function spacesAlone(text: string): string | undefined {
  return pastSpaces(text, 0) === text.length ? text : undefined;
}

function lookAtLines(container: TreeValue, last: TreePart, text: string, found: Evidence): void {
  found.lastComma ??= last.comma === undefined ? "" : ",";
  const [outer, inner] = [indentAt(text, container.start), indentAt(text, last.start)];
  if (found.unit === undefined && inner.length > outer.length && inner.startsWith(outer)) found.unit = inner.slice(outer.length);
}

function lookAtPart({ key, start, keyEnd, value }: TreePart, text: string, found: Evidence): void {
  if (keyEnd > start) {
    const quote = quoteAt(text, start);
    if (quote !== undefined) found.neededKeyQuote ??= quote;
    if (needsNoQuotes(key)) found.keyQuote ??= quote ?? "";
    const between = text.slice(keyEnd, value.start);
    if (found.colon === undefined && spacesAlone(between.replace(":", "")) !== undefined) found.colon = between;
  }
  if (value.kind === "text") found.quote ??= quoteAt(text, value.start) ?? '"';
}

export function quoteAt(text: string, at: number): Quote | undefined {
  const unit = text[at];
  return unit === '"' || unit === "'" ? unit : undefined;
}
