import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../src/config/config-edit.ts";
import { stepsOf } from "../../src/config/edit-steps.ts";
import { takeStep } from "../../src/config/edit-tree.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const steps = (before: unknown, after: JsonValue): unknown => stepsOf({ kind: "set", path: ["mine"], value: after }, { mine: before });

test("what is the same in the old value and the new one is left alone", () => {
  expect(steps({ a: 1, b: { c: 2, d: 3 }, e: 4 }, { a: 1, b: { c: 5, d: 3 }, f: 6 })).toEqual([
    { kind: "put", path: ["mine", "b", "c"], value: 5 },
    { kind: "put", path: ["mine", "f"], value: 6 },
    { kind: "remove", path: ["mine", "e"] },
  ]);
  expect(steps(["a", "b", "c", "d"], ["b", "x", "d"])).toEqual([
    { kind: "put", path: ["mine", 2], value: "x" },
    { kind: "remove", path: ["mine", 0] },
  ]);
});

test("an item that has an id is not changed into another one", () => {
  expect(steps([{ id: "a", n: 1 }, { id: "b" }], [{ id: "b", n: 2 }, { id: "c" }])).toEqual([
    { kind: "insert", path: ["mine"], index: 2, value: { id: "c" } },
    { kind: "put", path: ["mine", 1, "n"], value: 2 },
    { kind: "remove", path: ["mine", 0] },
  ]);
});

test("the steps lead from any value to any other", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const tree = { mine: structuredClone(before) as unknown };
      for (const step of stepsOf({ kind: "set", path: ["mine"], value: after }, tree)) takeStep(tree, step);
      expect(tree).toEqual({ mine: after });
    }),
  );
});

test("lists of thousands are replaced whole", () => {
  const list = Array.from({ length: 600 }, (_, i) => i);
  expect(steps(list, [...list, 1])).toEqual([{ kind: "put", path: ["mine"], value: [...list, 1] }]);
});
