import { expect, test } from "vitest";
import { ordinal, type StoredReport, storedLines } from "../../src/cli/stored-account.ts";
import { makeStyle } from "../../src/cli/style.ts";
import { paste } from "./commands/models/auth/pasting.ts";

test("positions are said in words up to the third, then in digits with the right ending", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 41, 111, 112].map(ordinal)).toEqual([
    ...["first", "second", "third", "4th", "11th", "12th", "13th"],
    ...["21st", "22nd", "23rd", "41st", "111th", "112th"],
  ]);
});

test("its end is said, also where a file holds one that is beyond the calendar", async () => {
  const { out } = await paste({ stdin: "canary" }, "models auth paste-token --provider zai --expires-in 1 --json");
  const report = JSON.parse(out) as StoredReport;
  const style = makeStyle({ colour: false, width: 120, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
  const said = (expiresAt: number): string => storedLines({ ...report, account: { ...report.account, expiresAt } }, style);
  expect(said(Date.UTC(2026, 10, 22, 12))).toContain("; ends 2026-11-22 12:00 UTC.");
  expect(said(9e15)).toContain("; ends 9999-12-31 23:59 UTC.");
});
