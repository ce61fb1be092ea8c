/** All ways in which a secret turns up in a text besides its own: in base64, in a URL, in JSON. */
export function codedForms(values: readonly string[]): string[] {
  const base64 = base64Forms(values.map(asBytes));
  const urlSafe = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [...new Set([...base64, ...urlSafe, ...values.flatMap(escapedForms)])];
}

/** Percent-encoded, and as JSON writes it, also within a text that is itself in JSON. */
export function escapedForms(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const forms = [once, JSON.stringify(once).slice(1, -1)];
  try {
    const percent = encodeURIComponent(value);
    forms.push(
      percent,
      percent.replaceAll("%20", "+"),
      percent.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()),
    );
  } catch {
    // A lone surrogate cannot be percent-encoded.
  }
  return forms;
}

/**
 * As each of some bytes stand in the base64 of any longer text: at each of the three places in a group of three bytes, without the letters that
 * depend on their neighbours. All in one call, for a call costs more than what it does.
 */
export function base64Forms(bytes: readonly string[]): string[] {
  const row = `${bytes.join(" ")}     `;
  const rowLength = row.length - (row.length % 3);
  const rows = [row.slice(0, rowLength), ` ${row}`.slice(0, rowLength), `  ${row}`.slice(0, rowLength)];
  const encoded = Buffer.from(rows.join(""), "latin1").toString("base64");
  const forms: string[] = [];
  for (let shift = 0; shift < 3; shift++) {
    let at = shift * rowLength + shift;
    for (const text of bytes) {
      forms.push(encoded.slice(Math.ceil((at * 4) / 3), Math.floor(((at + text.length) * 4) / 3)));
      at += text.length + 1;
    }
  }
  return forms;
}

/** UTF-8, one character a byte. */
export function asBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A text as it reads where one way of writing is undone. `startOf`: where a character of it begins in the text; behind the last one, where that ends. */
export interface Reading {
  readonly text: string;
  startOf(at: number): number;
}

/**
 * The text itself, the same without percent-encoding and escapes, and what hexadecimal digits in it stand for: a secret can be written in one of
 * these ways in part or as a whole, and a piece of it too. Costs time in proportion to the length, whatever the text.
 */
export function readingsOf(text: string): Reading[] {
  const plain: Reading = { text, startOf: (at) => at };
  const isEscaped = text.includes("%") || text.includes("\\");
  return [plain, ...(isEscaped ? [unescaped(text)] : []), ...(HEX_RUN.test(text) ? [fromHex(text, 0), fromHex(text, 1)] : [])];
}

/** As long as the shortest secret. */
const HEX_RUN = /[0-9A-Fa-f]{20}/;

function unescaped(text: string): Reading {
  const characters: string[] = [];
  const starts: number[] = [];
  for (let at = 0; at < text.length; ) {
    const { character, length } = characterAt(text, at);
    characters.push(character);
    starts.push(at);
    at += length;
  }
  return { text: characters.join(""), startOf: (at) => starts[at] ?? text.length };
}

interface Written {
  readonly character: string;
  readonly length: number;
}

function characterAt(text: string, at: number): Written {
  const character = text.charAt(at);
  if (character === "%") return codedAt(text, at, 1, 2) ?? { character, length: 1 };
  if (character !== "\\") return { character, length: 1 };
  let end = at + 1;
  while (text.charAt(end) === "\\") end++;
  const kind = text.charAt(end);
  const coded = kind === "u" ? codedAt(text, at, end - at + 1, 4) : kind === "x" ? codedAt(text, at, end - at + 1, 2) : undefined;
  if (coded !== undefined) return coded;
  // JSON within JSON doubles them, so that a run of any length stands for one.
  return kind === '"' || kind === "/" ? { character: kind, length: end + 1 - at } : { character, length: end - at };
}

function codedAt(text: string, at: number, mark: number, digits: number): Written | undefined {
  let code = 0;
  for (let i = 0; i < digits; i++) code = code * 16 + digitAt(text, at + mark + i);
  return Number.isNaN(code) ? undefined : { character: String.fromCharCode(code), length: mark + digits };
}

/** No secret holds it. */
const NOTHING = "\uffff";

function fromHex(text: string, from: 0 | 1): Reading {
  const characters: string[] = [];
  for (let at = from; at + 1 < text.length; at += 2) characters.push(codedAt(text, at, 0, 2)?.character ?? NOTHING);
  return { text: characters.join(""), startOf: (at) => from + 2 * at };
}

/** Of a hexadecimal digit; NaN of anything else. */
function digitAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : Number.NaN;
}
