/** Where the model's value stands in a text, and what is written around it where the text names none. */
export interface ModelSpan {
  readonly start: number;
  readonly end: number;
  readonly lead: string;
  readonly tail: string;
}

/** Of a text that parsed as a JSON object. undefined when it names a model twice: readers differ in which one counts. */
export function modelSpan(text: string): ModelSpan | undefined {
  const open = text.indexOf("{");
  let found: ModelSpan | undefined;
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at);
    const isModel = nameOf(text, at, nameEnd) === "model";
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = endOfValue(text, start);
    if (isModel && found !== undefined) return undefined;
    if (isModel) found = { start, end, lead: "", tail: "" };
    const comma = skipSpace(text, end);
    if (text[comma] !== ",") break;
    at = skipSpace(text, comma + 1);
  }
  if (found !== undefined) return found;
  const isEmpty = text[skipSpace(text, open + 1)] === "}";
  return { start: open + 1, end: open + 1, lead: '"model":', tail: isEmpty ? "" : "," };
}

/** A name may be written with escapes. */
function nameOf(text: string, start: number, end: number): string {
  const written = text.slice(start, end);
  return written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

/** Behind its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") {
    let at = start;
    while (at < text.length && text[at] !== "," && text[at] !== "}" && text[at] !== "]" && (text[at] ?? "").trim() !== "") at++;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
