import { describe, expect, test } from "vitest";
import { doubledKey } from "../../src/kernel/doubled-key.ts";

describe("a key", () => {
  test("that an object has twice is named, with the place of the second", () => {
    expect(doubledKey('{\n  "a": {"b": 1},\n  "c": [{"b": 1, "x": {}, "b": 2}]\n}', "s.json")).toEqual({
      key: "b",
      place: { file: "s.json", line: 3, column: 27 },
    });
    expect(doubledKey('{"\\u0061":1,"a":2}', "s.json")).toMatchObject({ key: "a" });
    expect(doubledKey('{"__proto__":1,"__proto__":2}', "s.json")).toMatchObject({ key: "__proto__" });
  });

  test("that stands in several objects is none", () => {
    expect(doubledKey('{"a":{"a":[{"a":1},{"a":1}]},"toString":1}', "s.json")).toBeUndefined();
  });
});
