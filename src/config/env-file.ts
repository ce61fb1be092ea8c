import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";

export interface EnvFile {
  readonly file: string;
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

const LARGEST_BYTES = 1024 * 1024;
/** Further broken lines of the same file are counted, not listed. */
const MOST_ROWS = 5;
const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/y;
const REST_OF_LINE = /[ \t]*(?:#.*)?$/my;
const QUOTES = "\"'`";

/** A .env file: `NAME=value`, `export`, three kinds of quotes (a quoted value may go over several lines), `#` comments. undefined when there is none. */
export function readEnvFile(host: Host, file: string): EnvFile | undefined {
  const read = host.readText(file, LARGEST_BYTES);
  switch (read.kind) {
    case "text":
      return parseEnvFile(read.text, file);
    case "absent":
      return undefined;
    case "too_large":
      return unusable(file, "is larger than 1 MB and was not read");
    case "not_text":
      return unusable(file, "is not UTF-8 text and was not read");
    case "unreadable":
      return read.reason === "EISDIR" ? undefined : unusable(file, `cannot be read (${read.reason})`);
    default:
      return assertNever(read);
  }
}

export function parseEnvFile(text: string, file: string): EnvFile {
  const values = new Map<string, string>();
  const brokenLines: number[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const entry = readEntry(text, at);
    if (entry.kind === "value") values.set(entry.name, entry.value);
    if (entry.kind === "broken") brokenLines.push(line);
    line += lineBreaks(text, at, entry.next);
    at = entry.next;
  }
  return {
    file,
    values,
    problems: brokenLines.slice(0, MOST_ROWS).map((broken, row) => brokenLine(file, broken, row === MOST_ROWS - 1 ? brokenLines.length - MOST_ROWS : 0)),
  };
}

/** `next` is the offset of the next line. */
type Entry = { readonly next: number } & (
  | { readonly kind: "value"; readonly name: string; readonly value: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "broken" }
);

function readEntry(text: string, start: number): Entry {
  const end = lineEnd(text, start);
  const next = afterLineEnd(text, end);
  REST_OF_LINE.lastIndex = start;
  if (REST_OF_LINE.test(text) && REST_OF_LINE.lastIndex <= end) return { kind: "nothing", next };
  NAME.lastIndex = start;
  const name = NAME.exec(text)?.[1];
  if (name === undefined || NAME.lastIndex > end) return { kind: "broken", next };
  const from = NAME.lastIndex;
  const quote = text[from] ?? "";
  if (from < end && QUOTES.includes(quote)) return readQuoted(text, { name, from, quote }) ?? { kind: "broken", next };
  return { kind: "value", name, value: withoutComment(text.slice(from, end)), next };
}

/** undefined when the quote is not closed, or something other than a comment follows it. */
function readQuoted(text: string, { name, from, quote }: { name: string; from: number; quote: string }): Entry | undefined {
  let close = text.indexOf(quote, from + 1);
  while (close > 0 && quote === '"' && text[close - 1] === "\\" && text[close - 2] !== "\\") close = text.indexOf(quote, close + 1);
  if (close < 0) return undefined;
  const end = lineEnd(text, close);
  REST_OF_LINE.lastIndex = close + 1;
  if (!REST_OF_LINE.test(text) || REST_OF_LINE.lastIndex > end) return undefined;
  const inside = text.slice(from + 1, close).replaceAll("\r\n", "\n");
  return { kind: "value", name, value: quote === '"' ? unescaped(inside) : inside, next: afterLineEnd(text, end) };
}

function unescaped(text: string): string {
  return text.replace(/\\([nr"])/g, (_, letter: string) => ({ n: "\n", r: "\r" })[letter] ?? letter);
}

/** A `#` begins a comment at the start or after a space. */
function withoutComment(value: string): string {
  if (value.startsWith("#")) return "";
  const comment = value.search(/[ \t]#/);
  return (comment < 0 ? value : value.slice(0, comment)).trim();
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  if (feed < 0) return text.length;
  return feed > from && text[feed - 1] === "\r" ? feed - 1 : feed;
}

function afterLineEnd(text: string, end: number): number {
  return text[end] === "\r" ? end + 2 : end + 1;
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function brokenLine(file: string, line: number, further: number): Problem {
  const more = further > 0 ? `, and neither are ${further} further lines` : "";
  return {
    code: "ENV_FILE_BROKEN",
    severity: "warning",
    subject: file,
    message: `line ${line} is not NAME=value${more}`,
    hint: "Write NAME=value, with a closing quote where the value has an opening one, or begin the line with #.",
    place: { file, line, column: 1 },
  };
}

function unusable(file: string, what: string): EnvFile {
  return {
    file,
    values: new Map(),
    problems: [
      {
        code: "ENV_FILE_BROKEN",
        severity: "warning",
        subject: file,
        message: `the file ${what}`,
        hint: "Correct the file or its permissions.",
        place: { file },
      },
    ],
  };
}
