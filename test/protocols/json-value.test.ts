import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, listAt, numberAt, objectAt, parseJson, parseLeadingJson, textAt } from "../../src/protocols/json-value.ts";

describe("a path", () => {
  test("leads to what is there, by its type, or to nothing", () => {
    const value: unknown = { a: [{ b: "text", c: 7, d: null }] };
    expect([
      textAt(value, "a", 0, "b"),
      numberAt(value, "a", 0, "c"),
      at(value, "a", 0, "d"),
      listAt(value, "a").length,
      objectAt(value, "a", 0) !== undefined,
    ]).toEqual(["text", 7, null, 1, true]);
    expect([textAt(value, "a", 0, "c"), numberAt(value, "a", 0, "b"), at(value, "x", "y"), listAt(value, "x"), objectAt(value, "a")]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
      undefined,
    ]);
  });

  test("never leads to what a value inherits", () => {
    expect([
      at({}, "constructor"),
      at([], "length", "x"),
      at("text", "length"),
      at({}, "__proto__"),
      at(undefined, "a"),
      numberAt({ a: Number.NaN }, "a"),
    ]).toEqual(Array.from({ length: 6 }));
  });
});

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
