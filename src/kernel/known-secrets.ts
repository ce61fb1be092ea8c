import { asBytes, base64Forms, codedForms, escapedForms } from "./secret-forms.ts";
import { likenessOf } from "./secret-shapes.ts";

const SHORTEST = 10;
const LONGEST = 65_536;
const MOST = 4096;
const PIECE = 12;

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

  /** Vendors and programs cut keys off: "…key sk-ant-api03-AbCd… is not valid". */
  strikeOutPieces(text: string, by: string): string {
    const hits: [number, number][] = [];
    for (const value of this.#values) {
      if (likenessOf(value) !== "key") continue;
      for (const piece of piecesOf(value)) {
        for (let found = text.indexOf(piece); found >= 0; found = text.indexOf(piece, found + 1)) hits.push([found, found + PIECE]);
      }
    }
    return struckOut(text, hits, by);
  }
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

/** What a vendor publishes of its keys is no piece of one. Of the longest ones, which are no keys to type, not every piece is looked for. */
const PREFIX = /^(?:[A-Za-z]{1,8}\d{0,2}[-_]){1,3}/;

function* piecesOf(value: string): Generator<string> {
  const step = value.length > 1024 ? PIECE : 1;
  for (let at = PREFIX.exec(value)?.[0].length ?? 0; at + PIECE <= value.length; at += step) yield value.slice(at, at + PIECE);
}

function struckOut(text: string, hits: readonly (readonly [number, number])[], by: string): string {
  let left = "";
  let done = -1;
  for (const [from, to] of hits.toSorted((a, b) => a[0] - b[0])) {
    if (from > done) left += `${text.slice(Math.max(0, done), from)}${by}`;
    done = Math.max(done, to);
  }
  return left + text.slice(Math.max(0, done));
}
