import { expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { parseJson5, placesIn, readJson } from "../../src/kernel/json-text.ts";

test("strict JSON gives its value", () => {
  expect(readJson('{ "a": [1, "x", null, true] }', "f.json")).toEqual({ kind: "value", value: { a: [1, "x", null, true] } });
  expect([readJson("null", "f"), readJson("0", "f"), readJson('""', "f")]).toEqual([
    { kind: "value", value: null },
    { kind: "value", value: 0 },
    { kind: "value", value: "" },
  ]);
});

test.each([
  ["", 1, 1, "the file is empty: expected a value, for example {}"],
  ['{\n  "a": 1,\n}', 2, 9, "a comma before the closing bracket is not allowed in this file: it is strict JSON"],
  ['{\r\n  "a": 1 // x\r\n}', 2, 10, "comments are not allowed in this file: it is strict JSON"],
  ["{ a: 1 }", 1, 3, "expected a key in double quotes, found a word without quotes"],
  ["{ 'a': 1 }", 1, 3, "expected a key in double quotes, found `'`"],
  ["{ \"a\": 'x' }", 1, 8, "expected a value, found `'`"],
  ['["a\tb"]', 1, 4, "a control character must be written as an escape, for example \\t"],
  ['["\\q"]', 1, 3, 'expected one of " \\ / b f n r t u after the backslash'],
  ["[+1]", 1, 2, "expected a value"],
  ["[.5]", 1, 2, "expected a value"],
  ["[5.]", 1, 2, "expected digits on both sides of the dot"],
  ["[Infinity]", 1, 2, "expected a value, found a word without quotes"],
  ['{ "profiles": { "a": { "key": "sk-secret" }', 1, 44, "the file ends here: expected `}` to close what was opened in line 1"],
  ["\uFEFF{}", 1, 1, "expected a value"],
])("%j is no JSON: line %i, column %i, %s", (text, line, column, message) => {
  expect(readJson(text, "f.json")).toEqual({ kind: "syntax", message, place: { file: "f.json", line, column } });
});

test("65 levels are too deep for both, and both say where", () => {
  const text = `${"[".repeat(65)}${"]".repeat(65)}`;
  expect(readJson(text, "f")).toEqual({
    kind: "syntax",
    message: "objects and lists are nested deeper than 64 levels here",
    place: { file: "f", line: 1, column: 65 },
  });
  expect(() => parseJson5(text, "f")).toThrow(AppError);
  expect(readJson(text.slice(1, -1), "f").kind).toBe("value");
});

test("places are those of keys or of values, items have one, and what is not there has none", () => {
  const placeOf = placesIn('{\n "a": { "b":\n [1,\n 22] } }', "f.json", "json");
  expect(placeOf(["a", "b"])).toEqual({ file: "f.json", line: 2, column: 9 });
  expect(placeOf(["a", "b"], "value")).toEqual({ file: "f.json", line: 3, column: 2 });
  expect(placeOf(["a", "b", 1])).toEqual({ file: "f.json", line: 4, column: 2 });
  expect([placeOf(["a", "c"]), placeOf(["a", "b", 2]), placeOf(["a", "b", 1, "x"]), placeOf(["constructor"]), placeOf([])]).toEqual(Array.from({ length: 5 }));
});

test("of a key that is written twice the last one counts, as its value does", () => {
  expect(placesIn('{ "a": 1,\n "a": 2 }', "f", "json")(["a"])).toEqual({ file: "f", line: 2, column: 2 });
});

/** 1 MB each, made to be slow in parsers that look back, copy or recurse. */
const MB = 1024 * 1024;
const HOSTILE: Readonly<Record<string, string>> = {
  brackets: "[".repeat(MB),
  objects: "{a:".repeat(MB / 3),
  "empty objects": `[${"{},".repeat(MB / 3)}]`,
  items: `[${"1,".repeat(MB / 2)}]`,
  "open text": `'${"\\'".repeat(MB / 2 - 1)}`,
  backslashes: `"${"\\".repeat(MB - 1)}`,
  "open comments": "/*".repeat(MB / 2),
  comments: "/**/".repeat(MB / 4),
  zeros: "0".repeat(MB),
  digits: `1.${"1".repeat(MB / 2)}e${"1".repeat(MB / 2 - 3)}x`,
  hexadecimal: `0x${"f".repeat(MB)}`,
  "one word": `{${"a".repeat(MB)}:1}`,
  "wide word": `{${"é".repeat(MB / 2)}:1}`,
  "wide space": "\u2003".repeat(MB / 3),
  keys: `{${Array.from({ length: 90_000 }, (_, index) => `k${index}:1`).join(",")}}`,
  "keys that are numbers": `{${Array.from({ length: 80_000 }, (_, index) => `'${index * 7919}':1`).join(",")}}`,
  "one key often": `{${"a:1,".repeat(MB / 4)}}`,
  lines: `${"\n".repeat(MB)}x`,
};

test.each(Object.keys(HOSTILE))(
  "a megabyte of %s is read in time proportional to its length",
  (name) => {
    const text = HOSTILE[name] ?? "";
    const outcomes = [text.slice(0, text.length / 2), text].map((given) => {
      const strict = readJson(given, "f").kind;
      try {
        parseJson5(given, "f");
        return [strict, "value"];
      } catch (thrown) {
        return [strict, thrown instanceof AppError ? typeof thrown.facts.place?.column : thrown];
      }
    });
    for (const [strict, json5] of outcomes)
      expect([["syntax", "value"].includes(strict as string), ["number", "value"].includes(json5 as string)]).toEqual([true, true]);
  },
  5_000,
);

test("a text that is parsed again gives a value of its own, whatever became of the first", () => {
  const text = '// note\n{ models: ["a", -0.5, true, null], "__proto__": { x: 1 } }';
  const first = parseJson5(text, "c.json") as { models: unknown[] };
  const again = parseJson5(text, "c.json");
  expect(again).toEqual(first);
  expect(Object.keys(again as object)).toEqual(["models", "__proto__"]);
  first.models.push("b");
  expect(parseJson5(text, "c.json")).toEqual(again);
});

test.each(["1e999", "-1E+309", "9".repeat(310)])("a number without an end stays one where the text is parsed again: %s", (number) => {
  const text = `// note\n{ a: ${number} }`;
  const first = parseJson5(text, "c.json");
  expect([Math.abs((first as { a: number }).a), parseJson5(text, "c.json")]).toEqual([Number.POSITIVE_INFINITY, first]);
});
