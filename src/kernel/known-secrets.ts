import { asBytes, base64Forms, codedForms, escapedForms, type Reading, readingsOf } from "./secret-forms.ts";
import { likenessOf } from "./secret-shapes.ts";

const SHORTEST = 10;
const LONGEST = 65_536;
const MOST = 4096;
const PIECE = 12;
/** How long what is looked for as a piece may be. */
const SIZES = Array.from({ length: PIECE - SHORTEST + 1 }, (_, i) => SHORTEST + i);

/** What is looked for. */
interface Needles {
  /** One a line: those that are written the same way everywhere. */
  readonly plain: string;
  /** One a line: how base64 of each begins. */
  readonly base64: string;
  /** The others, in all ways in which they are written. */
  readonly odd: readonly string[];
}

/** Larger texts are pages of the catalogue, which hold what vendors publish: in them base64 is not looked for. */
const LARGE = 256 * 1024;

/** The values of secrets, so that texts can be searched for them. Beyond some thousands the oldest are forgotten. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  #needles: Needles | undefined;

  /** Costs next to nothing: what is looked for is worked out when the first text is searched. */
  add(value: string): void {
    if (value.length < SHORTEST || value.length > LONGEST || this.#values.has(value)) return;
    this.#values.add(value);
    this.#needles = undefined;
    if (this.#values.size <= MOST) return;
    for (const oldest of this.#values) {
      this.#values.delete(oldest);
      return;
    }
  }

  has(value: string): boolean {
    return this.#values.has(value);
  }

  /** A quick look that may be wrong in one way only: it finds what is none. */
  mayBeIn(text: string): boolean {
    if (this.#values.size === 0) return false;
    this.#needles ??= needlesOf([...this.#values]);
    const { plain, base64, odd } = this.#needles;
    if (odd.some((form) => text.includes(form))) return true;
    const lines = text.length > LARGE ? plain : `${plain}\n${base64}`;
    return lines.match(linesWithout(text))?.some((form) => text.includes(form)) ?? false;
  }

  strikeOut(text: string, likeness: "key" | "doubtful", by: string): string {
    const values = [...this.#values].filter((value) => likenessOf(value) === likeness);
    const found = [...values, ...codedForms(values)].filter((form) => text.includes(form));
    return found.sort((a, b) => b.length - a.length).reduce((left, form) => left.replaceAll(form, by), text);
  }

  /** Vendors and programs cut keys off, and write them in other ways: "…key sk-ant-api03-AbCd… is not valid". */
  strikeOutPieces(text: string, by: string): string {
    const values = [...this.#values].filter((value) => likenessOf(value) !== "word");
    const hits = readingsOf(text).flatMap((reading) => hitsIn(reading, values));
    return struckOut(text, hits, by);
  }
}

type Hit = readonly [from: number, to: number];

/** What pieces a text has is noted once: most texts are short, and known secrets may be many. */
function hitsIn({ text, startOf }: Reading, values: readonly string[]): Hit[] {
  const marks = new Uint8Array(MARKS);
  const hits: Hit[] = [];
  for (const size of SIZES) for (let at = 0; at + size <= text.length; at++) marks[markOf(text, at, size, 1)] = 1;
  const found = new Set<string>();
  for (const value of values) for (const piece of piecesOf(value, marks)) found.add(piece);
  if (found.size === 0) return hits;
  for (const size of SIZES) {
    for (let at = 0; at + size <= text.length; at++) if (found.has(text.slice(at, at + size))) hits.push([startOf(at), startOf(at + size)]);
  }
  return hits;
}

const MARKS = 2 ** 18;

/** Forwards from the first character or backwards from the last. Two pieces may have the same mark, but most of what a text lacks is told at once. */
function markOf(text: string, at: number, size: number, direction: 1 | -1): number {
  let mark = 0;
  for (let i = direction === 1 ? at : at + size - 1; i >= at && i < at + size; i += direction) mark = (Math.imul(mark, 31) + text.charCodeAt(i)) | 0;
  return (mark ^ (mark >>> 15)) & (MARKS - 1);
}

function needlesOf(values: readonly string[]): Needles {
  const areSimple = isSimple(values.join(""));
  const simple = areSimple ? values : values.filter(isSimple);
  const odd = areSimple ? [] : values.filter((value) => !isSimple(value));
  const base64 = base64Forms(values.map((value) => (areSimple ? value : asBytes(value)).slice(0, BEGINNING))).join("\n");
  const urlSafe = base64.replaceAll("+", "-").replaceAll("/", "_");
  return { plain: simple.join("\n"), base64: `${base64}\n${urlSafe}`, odd: odd.flatMap((value) => [value, ...escapedForms(value)]) };
}

/** In base64 the beginning of a secret is enough to find it by. */
const BEGINNING = 32;

/** Nothing in it is written in another way in a URL, nor in JSON. */
function isSimple(text: string): boolean {
  try {
    return encodeURIComponent(text) === text;
  } catch {
    return false;
  }
}

/** Most texts lack some capitals and digits, and what has one of those in it cannot stand in the text. */
function linesWithout(text: string): RegExp {
  let absent = "";
  for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") if (!text.includes(character)) absent += character;
  return absent === "" ? /^.+$/gm : new RegExp(`^[^\\n${absent}]+$`, "gm");
}

/** What a vendor publishes of its keys is no piece of one. */
const PREFIX = /^(?:[A-Za-z]{1,8}\d{0,2}[-_]){1,3}/;
/** No vendor's prefix is longer: what is, are words that the secret is made of. */
const LONGEST_PREFIX = 16;

/** Those that may be among the marked ones, forwards and backwards; of a secret that is shorter than a piece the whole. */
function* piecesOf(value: string, marks: Uint8Array): Generator<string> {
  for (const form of new Set([value, asBytes(value)])) {
    const size = Math.min(PIECE, form.length);
    for (let at = Math.min(prefixOf(value), form.length - size); at + size <= form.length; at++) {
      if (marks[markOf(form, at, size, 1)] === 1) yield form.slice(at, at + size);
      if (marks[markOf(form, at, size, -1)] === 1)
        yield form
          .slice(at, at + size)
          .split("")
          .toReversed()
          .join("");
    }
  }
}

function prefixOf(value: string): number {
  const length = PREFIX.exec(value)?.[0].length ?? 0;
  return length > LONGEST_PREFIX || likenessOf(value) === "doubtful" ? 0 : length;
}

function struckOut(text: string, hits: readonly Hit[], by: string): string {
  let left = "";
  let done = -1;
  for (const [from, to] of hits.toSorted((a, b) => a[0] - b[0])) {
    if (from > done) left += `${text.slice(Math.max(0, done), from)}${by}`;
    done = Math.max(done, to);
  }
  return left + text.slice(Math.max(0, done));
}
