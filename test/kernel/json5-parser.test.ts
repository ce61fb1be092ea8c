import fc from "fast-check";
import JSON5 from "json5";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { parseDocument } from "../../src/kernel/json5-parser.ts";

/** The reference parser warns on the console about U+2028 in texts. */
beforeEach(() => void vi.spyOn(console, "warn").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const ours = (text: string): unknown => parseDocument(text, "f.json5", { dialect: "json5" });

function outcome(parse: (text: string) => unknown, text: string): { value: unknown } | "refused" {
  try {
    return { value: parse(text) };
  } catch {
    return "refused";
  }
}

function refusal(text: string): string {
  try {
    ours(text);
  } catch (thrown) {
    if (thrown instanceof AppError) return `${thrown.facts.place?.line}:${thrown.facts.place?.column} ${thrown.message}`;
  }
  return "accepted";
}

test.each([
  ["{}", {}],
  ["[1,2,]", [1, 2]],
  ["{a:1,'b':2,\"c\":3,$d_1:4,ünï:5,\\u0061b:6,}", { a: 1, b: 2, c: 3, $d_1: 4, ünï: 5, ab: 6 }],
  ["[.5, 5., +1, -1, 0x1F, 0XaB, 1e3, 1.5E-2, Infinity, -Infinity]", [0.5, 5, 1, -1, 31, 171, 1000, 0.015, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ["NaN", Number.NaN],
  ["'it\\'s \\x41\\u0042\\v\\0\\q'", "it's AB\v\0q"],
  ["'one \\\n line \\\r\n more'", "one  line  more"],
  ["// first\n/* second */ true // third", true],
  ["\uFEFF\u00a0\u2003[null,\u2028false]", [null, false]],
])("%j reads as the specification says", (text, value) => {
  expect(ours(text)).toEqual(value);
});

test.each([
  ["", "1:1 the file is empty: expected a value, for example {}"],
  ["{\n  a: 1\n  b: 2\n}", "3:3 expected `,` or `}` after the value, found a word without quotes"],
  ["{ a 1 }", "1:5 expected `:` after the key"],
  ["{ a: }", "1:6 expected a value, found `}`"],
  ["{ a: secret-word }", "1:6 expected a value, found a word without quotes"],
  ["{ a: 'x", "1:6 this text is not closed: expected ' before the end of the line"],
  ["{ a: 'x\n' }", "1:6 this text is not closed: expected ' before the end of the line"],
  ["{\n\n  a: [1, 2\n", "4:1 the file ends here: expected `]` to close what was opened in line 3"],
  ["{ 5: 1 }", "1:3 expected a key or `}`; a key that is not a plain word needs quotes"],
  ["{} {}", "1:4 expected the end of the file after the value"],
  ["/* open", "1:1 this comment is not closed: expected `*/`"],
  ["/ 1", "1:1 a `/` stands here that begins no comment"],
  ["01", "1:1 a number does not begin with 0 unless a dot follows"],
  ["[1e]", "1:2 expected digits in the exponent of this number"],
  ["0x", "1:1 expected hexadecimal digits after 0x"],
  ["'\\u12'", "1:2 expected 4 hexadecimal digits after the backslash and its letter"],
  ["'\\1'", "1:2 a backslash before a digit means nothing: write \\u and four hexadecimal digits"],
  ["{ \\x: 1 }", "1:3 expected \\u and four hexadecimal digits in this key, or put the key in quotes"],
])("%j is refused with its place and what was expected", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("a text of 64 levels is read, one of 65 is not, and neither is one of a million", () => {
  expect(outcome(ours, "[".repeat(64) + "]".repeat(64))).not.toBe("refused");
  expect(refusal("[".repeat(65) + "]".repeat(65))).toBe("1:65 objects and lists are nested deeper than 64 levels here");
  expect(refusal("{a:".repeat(300_000))).toBe("1:193 objects and lists are nested deeper than 64 levels here");
});

test("a key __proto__ is a key and changes no prototype", () => {
  const value = ours("{ __proto__: { polluted: true }, constructor: 1 }") as object;
  expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

/** Pieces that make JSON5 of nearly every shape, and breaks of it. */
const PIECES = [
  ..."{}[],:'\"\\/*+-.0179eExXu \n\r\t$_ab",
  "//",
  "/*",
  "*/",
  "null",
  "true",
  "false",
  "NaN",
  "Infinity",
  "0x1f",
  "\\u0041",
  "\\x41",
  "\\\r\n",
  "\u2028",
  "\u00a0",
  "\uFEFF",
  "é",
  "\u200c",
  "1e5",
  "'a'",
  '"b"',
  "a:1",
  "__proto__:1",
];

test("20,000 made-up texts are read or refused just as by the reference parser", () => {
  let count = 0;
  const same = (text: string): void => {
    count++;
    expect(outcome(ours, text), JSON.stringify(text)).toEqual(outcome((given) => JSON5.parse<unknown>(given), text));
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => same(pieces.join(""))),
    { numRuns: 16_000 },
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...PIECES, ""), (text, at, piece) => {
      const cut = at % (text.length + 1);
      same(text.slice(0, cut) + piece + text.slice(cut + 1));
    }),
    { numRuns: 4_000 },
  );
  expect(count).toBeGreaterThanOrEqual(20_000);
});

test("strict JSON is accepted and refused just as by the engine", () => {
  const strict = (text: string): unknown => parseDocument(text, "f.json", { dialect: "json" });
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      expect(outcome(strict, text), JSON.stringify(text)).toEqual(outcome(JSON.parse, text));
    }),
    { numRuns: 10_000 },
  );
});

test("what JSON5.stringify and JSON.stringify write is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(ours(JSON5.stringify(value))).toEqual(JSON5.parse(JSON5.stringify(value)));
      expect(ours(JSON.stringify(value, undefined, 2))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
