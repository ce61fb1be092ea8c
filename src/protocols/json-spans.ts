/** Where something stands in a text: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A field of an object: its name, as it is meant, and where its value stands. */
export interface FieldSpan extends Span {
  readonly name: string;
  /** Where its name begins. */
  readonly nameStart: number;
}

/** The fields of the object that begins at `open`, in order. Of a text that parsed. */
export function fieldsAt(text: string, open: number): FieldSpan[] {
  const fields: FieldSpan[] = [];
  for (let at = skipSpace(text, open + 1); text[at] === '"'; ) {
    const nameEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = endOfValue(text, start);
    fields.push({ name: nameOf(text, at, nameEnd), nameStart: at, start, end });
    at = behindComma(text, end);
  }
  return fields;
}

/** The last field of that name: the one that a parser takes. */
export function fieldAt(text: string, open: number, name: string): FieldSpan | undefined {
  return fieldsAt(text, open).findLast((field) => field.name === name);
}

/** The elements of the list that begins at `open`, in order. Of a text that parsed. */
export function elementsAt(text: string, open: number): Span[] {
  const elements: Span[] = [];
  for (let at = skipSpace(text, open + 1); at < text.length && text[at] !== "]"; ) {
    const end = endOfValue(text, at);
    elements.push({ start: at, end });
    at = behindComma(text, end);
  }
  return elements;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

/** A name may be written with escapes. */
export function nameOf(text: string, start: number, end: number): string {
  const written = text.slice(start, end);
  return written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
}

function behindComma(text: string, end: number): number {
  const comma = skipSpace(text, end);
  return text[comma] === "," ? skipSpace(text, comma + 1) : comma;
}

/** Behind its closing quote. */
export function endOfString(text: string, start: number): number {
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
