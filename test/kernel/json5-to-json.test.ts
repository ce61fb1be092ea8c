import fc from "fast-check";
import JSON5 from "json5";
import { expect, test } from "vitest";
import { json5ToJson } from "../../src/kernel/json5-to-json.ts";

/** undefined where the text is not converted, or JSON refuses the conversion: the parser of JSON5 then decides. */
function read(text: string): { value: unknown } | undefined {
  const json = json5ToJson(text);
  try {
    return json === undefined ? undefined : { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
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
  expect(texts.map(read)).toEqual(texts.map(() => undefined));
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
