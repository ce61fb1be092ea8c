import { expect, test } from "vitest";
import { makeStyle } from "../../src/cli/style.ts";
import { table } from "../../src/cli/table.ts";

const style = makeStyle({ colour: false, width: 60, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

test("columns are aligned, two spaces apart, without trailing spaces", () => {
  expect(
    table(
      [
        ["a", "1"],
        ["bbb", "22"],
      ],
      { headers: ["Name", "N"], style, align: ["left", "right"] },
    ),
  ).toBe("Name   N\na      1\nbbb   22");
});

test("only the flexible column gives way, cut in the middle", () => {
  const long = `${"x".repeat(40)}-${"y".repeat(40)}`;
  const lines = table([["key", long, "end"]], { style, flexible: 1 }).split("\n");
  expect(lines).toEqual([`key  ${"x".repeat(25)}…${"y".repeat(24)}  end`]);
  expect(lines[0]?.length).toBe(60);
});

test("ids that a program reads are not cut; words give way there too", () => {
  const rows = [["lab/" + "x".repeat(70), "5"]];
  const wide = [`lab/${"x".repeat(70)}  5`];
  const piped = { ...style, ids: "whole" } as const;
  expect(table(rows, { style: piped, holds: "ids" }).split("\n")).toEqual(wide);
  for (const layout of [{ style, holds: "ids" }, { style: piped }, { style: { ...style, ids: "cut" }, holds: "ids" }] as const)
    expect(table(rows, layout)).toHaveLength(60);
});

test("the colour of what stands before each line takes no room", () => {
  expect(table([["x".repeat(56)]], { style, indent: "  \u001b[32m+\u001b[39m " })).toBe(`  \u001b[32m+\u001b[39m ${"x".repeat(56)}`);
});

test("no rows give no text", () => {
  expect(table([], { headers: ["A"], style })).toBe("");
});
