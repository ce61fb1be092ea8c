import { AppError } from "./errors.ts";
import { parseDocument } from "./json5-parser.ts";
import { isDeeperThan, parseAnyDepth } from "./json-value.ts";
import { DEEPEST, parseTokens } from "./json5-tokens.ts";
import type { Dialect } from "./json5-scanner.ts";
import type { Place } from "./place.ts";
import { Lines, Positions, placeOfSpot } from "./positions.ts";

/** A parsed text, or the one sentence that says what was expected where. */
export type TextReading = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "syntax"; readonly message: string; readonly place: Place };

/** Strict JSON (RFC 8259), at most 64 levels deep. The message never quotes the text. `__proto__` is a key like any other. */
export function readJson(text: string, file: string): TextReading {
  try {
    return { kind: "value", value: parseFast(text) ?? parseDocument(text, file, { dialect: "json" }) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.facts.place !== undefined) return { kind: "syntax", message: thrown.message, place: thrown.facts.place };
    throw thrown;
  }
}

/** JSON5 1.0, at most 64 levels deep; a fresh value each time. Throws CONFIG_SYNTAX or CONFIG_TOO_LARGE with line and column. */
export function parseJson5(text: string, file: string): unknown {
  return (BEGINS_LIKE_JSON.test(text) ? parseFast(text) : parseAgain(text)) ?? parseDocument(text, file, { dialect: "json5" });
}

/** The two texts that were parsed last, as JSON: an edit parses a config three times as it was and twice as it will be. */
let recent: readonly { readonly text: string; readonly json: string }[] = [];

/** The value of a text of common tokens, which JSON can say; undefined for every other one. */
function parseAgain(text: string): unknown {
  const known = recent.find((one) => one.text === text);
  if (known !== undefined) return JSON.parse(known.json);
  const common = parseTokens(text, "", "json5", undefined);
  if (common !== undefined && !MAY_BE_INFINITE.test(text)) recent = [{ text, json: JSON.stringify(common.value) }, ...recent.slice(0, 1)];
  return common?.value;
}

/** Of numbers without an end JSON makes null. */
const MAY_BE_INFINITE = /\de\+?\d{3}|\d{309}/i;

/** A config with comments or bare keys is no JSON, and a failed attempt costs more than this look. */
const BEGINS_LIKE_JSON = /^\s*[{[]\s*["}\]]/;

/** Where keys and items stand in a text that parses: for the places of errors. Parses at the first question. */
export function placesIn(text: string, file: string, dialect: Dialect): (path: readonly (string | number)[], what?: "key" | "value") => Place | undefined {
  let parsed: { readonly root: unknown; readonly positions: Positions; readonly lines: Lines } | undefined;
  return (path, what = "key") => {
    if (parsed === undefined) {
      const positions = new Positions();
      parsed = { root: parseDocument(text, file, { dialect, positions }), positions, lines: new Lines(text) };
    }
    const spot = parsed.positions.at(parsed.root, path);
    return spot === undefined ? undefined : placeOfSpot(spot, parsed.lines, what);
  };
}

/** The engine's own parser, which does not recurse; undefined when it refuses, when the result is too deep, and for `null`. */
function parseFast(text: string): unknown {
  const value = parseAnyDepth(text);
  return value === null || isDeeperThan(value, DEEPEST) ? undefined : value;
}
