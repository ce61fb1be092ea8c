import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "../../src/kernel/json-value.ts";
import { parseLeadingJson } from "../../src/protocols/leading-json.ts";

describe("text with something behind it", () => {
  test("is read up to the end of its first value", () => {
    expect(parseLeadingJson('  {"a":"}\\"{","b":[1]} }garbage')).toEqual({ a: '}"{', b: [1] });
    expect([parseLeadingJson("[1]2"), parseLeadingJson("x{}"), parseLeadingJson('{"a":1'), parseLeadingJson(""), parseLeadingJson("7")]).toEqual([
      [1],
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("is what JSON says when nothing is behind it", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (value, garbage) => {
        const text = JSON.stringify(value);
        expect(parseLeadingJson(text + garbage)).toEqual(parseJson(text));
      }),
    );
  });
});
