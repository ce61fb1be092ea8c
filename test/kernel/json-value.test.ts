import { describe, expect, test } from "vitest";
import { at, listAt, numberAt, objectAt, parseJson, textAt } from "../../src/kernel/json-value.ts";

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
