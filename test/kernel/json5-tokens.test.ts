import fc from "fast-check";
import JSON5 from "json5";
import { expect, test } from "vitest";
import { parseTokens } from "../../src/kernel/json5-tokens.ts";
import { Positions } from "../../src/kernel/positions.ts";

/** undefined where the text is left to the parser. */
function read(text: string, dialect: "json" | "json5" = "json5"): { value: unknown } | undefined {
  return parseTokens(text, "f", dialect, undefined);
}

function reference(text: string): { value: unknown } | "refused" {
  try {
    return { value: JSON5.parse(text) };
  } catch {
    return "refused";
  }
}

test("comments, bare keys, single quotes and trailing commas are read", () => {
  const text = `// a config
{ /* keys */ agents: { list: [{ id: 'main', default: true, }, ], "n": -1.5e3, empty: null, }, // end
}`;
  expect(read(text)).toEqual({ value: { agents: { list: [{ id: "main", default: true }], n: -1500, empty: null } } });
});

test("what it does not know it leaves to the parser", () => {
  const texts = [
    "{a: 0x1F}",
    "{a: .5}",
    "{a: +1}",
    "{a: Infinity}",
    "{a: 'it\\'s'}",
    '{a: "\\x41"}',
    "{ä: 1}",
    "{a:\u00a01}",
    "[,]",
    "{,}",
    "[1,,2]",
    "/*",
    "'",
    "{a: b}",
    "",
    "1 2",
    "{a: 1 2}",
    "true false",
  ];
  expect(texts.map((text) => read(text))).toEqual(texts.map(() => undefined));
});

test("whatever it reads, json5 reads as the same value; 20,000 texts", () => {
  const pieces = [..."{}[]:,\"'\\/ \n-", "a", "$b", "'x'", '"y"', "1", "0", ".5", "0x1", "true", "null", "NaN", "//c\n", "/*c*/", "__proto__", "constructor"];
  let found = 0;
  const agree = (text: string): void => {
    const ours = read(text);
    if (ours === undefined) return;
    found++;
    expect([text, ours]).toEqual([text, reference(text)]);
  };
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
      agree,
    ),
    { numRuns: 15_000 },
  );
  fc.assert(
    fc.property(
      fc.jsonValue().map((value) => JSON5.stringify(value, { space: 2 })),
      agree,
    ),
    { numRuns: 5_000 },
  );
  expect(found).toBeGreaterThan(2_500);
});

test("a long text is left to the parser, which reads it piece by piece", () => {
  expect(read(`[${"1,".repeat(40_000)}]`)).toEqual({ value: Array.from({ length: 40_000 }, () => 1) });
  expect(read(`[${"1,".repeat(60_000)}]`)).toBeUndefined();
});

test("in strict JSON it reads what JSON.parse reads, and refuses what that refuses", () => {
  const pieces = [..."{}[]:,\"'\\/ \n-", "a", '"y"', '"\\u0041"', '"\\x"', "1", "0", "1.5e3", "true", "null", "//c\n", "__proto__", '"__proto__"'];
  let found = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 10 }), (parts) => {
      const text = parts.join("");
      const ours = read(text, "json");
      if (ours === undefined) return;
      found++;
      expect([text, ours.value]).toEqual([text, JSON.parse(text)]);
    }),
    { numRuns: 10_000 },
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(read(JSON.stringify(value), "json")).toEqual({ value: JSON.parse(JSON.stringify(value)) });
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(300);
});

test("it notes where every key and item stands", () => {
  const text = '{ a: [1, { "b": 2 }], }';
  const positions = new Positions();
  const root = parseTokens(text, "f", "json5", positions)?.value;
  const spot = (...path: (string | number)[]) => {
    const { keyOffset = -1, valueOffset = -1 } = positions.at(root, path) ?? {};
    return [text.slice(keyOffset, keyOffset + 2), text.slice(valueOffset, valueOffset + 2)];
  };
  expect([spot("a"), spot("a", 0), spot("a", 1), spot("a", 1, "b"), spot("a", 2)]).toEqual([
    ["a:", "[1"],
    ["1,", "1,"],
    ["{ ", "{ "],
    ['"b', "2 "],
    ["", ""],
  ]);
});

test("64 levels are read, 65 are left to the parser, which says where", () => {
  expect(read("[".repeat(64) + "]".repeat(64))).toBeDefined();
  expect(read("[".repeat(65) + "]".repeat(65))).toBeUndefined();
});
