import fc from "fast-check";
import { expect, test } from "vitest";
import { Roll } from "../../src/kernel/roll.ts";

test("who has entered and not left is there", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 200 }), (steps) => {
      const roll = new Roll<number>();
      const inside = new Map<number, () => void>();
      for (const [i, step] of steps.entries()) {
        const leave = inside.get(step);
        if (leave === undefined) inside.set(step, roll.enter(step));
        else leave();
        // A second time it changes nothing.
        if (i % 3 === 0) leave?.();
        if (leave !== undefined) inside.delete(step);
        expect([...roll].toSorted((a, b) => a - b)).toEqual([...inside.keys()].toSorted((a, b) => a - b));
        expect(roll.size).toBe(inside.size);
      }
    }),
  );
});

test("the same may be there twice", () => {
  const roll = new Roll<string>();
  const [first] = [roll.enter("a"), roll.enter("a")];
  first();
  expect([...roll]).toEqual(["a"]);
});

test("all who are there at the beginning are told, though they leave meanwhile", () => {
  const roll = new Roll<() => void>();
  const told: string[] = [];
  for (const name of ["a", "b", "c"]) {
    const leave = roll.enter(() => {
      told.push(name);
      leave();
    });
  }
  for (const tell of roll) tell();
  expect(told).toEqual(["a", "b", "c"]);
  expect(roll.size).toBe(0);
});
