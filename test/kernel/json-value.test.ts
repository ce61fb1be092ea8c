import { describe, expect, test } from "vitest";
import { at, isObject, listAt, numberAt, objectAt, parseJson, stated, textAt } from "../../src/kernel/json-value.ts";

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

test("a text that is no JSON has no value, and every other one has its own", () => {
  expect([parseJson(""), parseJson("{"), parseJson("<html>")]).toEqual([undefined, undefined, undefined]);
  expect([parseJson("null"), parseJson(" 7 "), parseJson('{"a":[]}')]).toEqual([null, 7, { a: [] }]);
});

test("a text that is nested deeper than anybody writes has no value: who goes through it would run out of stack", () => {
  const nested = (levels: number): string => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`;
  expect([parseJson(nested(256)) !== undefined, parseJson(nested(258)), parseJson(nested(400_000))]).toEqual([true, undefined, undefined]);
  expect(() => JSON.stringify(JSON.parse(nested(400_000)))).toThrow(RangeError);
});

test("an object has named fields: no list, no text, not nothing", () => {
  expect([{}, { a: 1 }, Object.create(null), [], null, undefined, "text", 7].map(isObject)).toEqual([true, true, true, false, false, false, false, false]);
});

test("what is not stated leaves no field", () => {
  const said = stated({ a: 1, b: undefined, c: null, d: false, e: "" });
  expect([said, Object.keys(said)]).toEqual([{ a: 1, c: null, d: false, e: "" }, ["a", "c", "d", "e"]]);
});
