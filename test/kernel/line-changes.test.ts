import fc from "fast-check";
import { expect, test } from "vitest";
import { type LineChange, lineChanges, linesOf } from "../../src/kernel/line-changes.ts";

const lines = (text: string): string[] => [...text];

/** The second list, made of the first and the changes. */
function applied(before: readonly string[], after: readonly string[], changes: readonly LineChange[]): string[] {
  const result = [...before];
  for (const { oldStart, oldEnd, newStart, newEnd } of changes.toReversed()) result.splice(oldStart, oldEnd - oldStart, ...after.slice(newStart, newEnd));
  return result;
}

test("a text falls into lines with what ends them", () => {
  expect(linesOf("a\r\nb\rc\n\nd")).toEqual(["a\r\n", "b\rc\n", "\n", "d"]);
  expect(linesOf("")).toEqual([]);
});

test("the fewest lines are different", () => {
  expect(lineChanges(lines("abcdef"), lines("abXdeYf"))).toEqual([
    { oldStart: 2, oldEnd: 3, newStart: 2, newEnd: 3 },
    { oldStart: 5, oldEnd: 5, newStart: 5, newEnd: 6 },
  ]);
  expect(lineChanges(lines("abc"), lines("abc"))).toEqual([]);
  expect(lineChanges([], lines("a"))).toEqual([{ oldStart: 0, oldEnd: 0, newStart: 0, newEnd: 1 }]);
});

test("the changes always lead from the one to the other", () => {
  const some = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
  fc.assert(
    fc.property(some, some, (before, after) => {
      expect(applied(before, after, lineChanges(before, after))).toEqual(after);
    }),
  );
});

test("no more lines are named than one would find by trying", () => {
  const some = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  const longest = (a: readonly string[], b: readonly string[]): number =>
    a.length === 0 || b.length === 0 ? 0 : a[0] === b[0] ? 1 + longest(a.slice(1), b.slice(1)) : Math.max(longest(a.slice(1), b), longest(a, b.slice(1)));
  fc.assert(
    fc.property(some, some, (before, after) => {
      const named = lineChanges(before, after).reduce((sum, { oldStart, oldEnd, newStart, newEnd }) => sum + oldEnd - oldStart + newEnd - newStart, 0);
      expect(named).toBe(before.length + after.length - 2 * longest(before, after));
    }),
  );
});

test("texts that have little in common are one change", () => {
  const [before, after] = [Array.from({ length: 900 }, (_, i) => `old ${i}`), Array.from({ length: 900 }, (_, i) => `new ${i}`)];
  expect(lineChanges(["same", ...before, "end"], ["same", ...after, "end"])).toEqual([{ oldStart: 1, oldEnd: 901, newStart: 1, newEnd: 901 }]);
});
