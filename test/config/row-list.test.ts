import { expect, test } from "vitest";
import { RowList } from "../../src/config/row-list.ts";
import type { Problem } from "../../src/kernel/problem.ts";

const row = (subject: string): Problem => ({ code: "REF_BROKEN", severity: "warning", subject, message: `about ${subject}`, hint: "Mend it." });

test("rows past the limit are counted and not made", () => {
  const made: string[] = [];
  const rows = new RowList(2);
  for (const subject of ["a", "b", "c", "d"]) {
    rows.add(() => {
      made.push(subject);
      return row(subject);
    });
  }
  expect(made).toEqual(["a", "b"]);
  expect(rows.all()).toEqual([row("a"), row("b"), { ...row("b"), message: "there are 2 further rows of this kind", hint: "Mend the ones above first." }]);
});

test("up to the limit there is nothing to add", () => {
  const rows = new RowList(2);
  expect(rows.all()).toEqual([]);
  rows.add(() => row("a"));
  rows.add(() => row("b"));
  expect(rows.all()).toEqual([row("a"), row("b")]);
});
