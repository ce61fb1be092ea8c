import { expect, test } from "vitest";
import { makeStyle } from "../../src/cli/style.ts";
import { table } from "../../src/cli/table.ts";
import { CONFIG, keyOf, STORE, storeOf } from "../credentials/open-facts.ts";
import { runOn } from "../status/run-command.ts";

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
  expect(table(rows, { style: piped }).split("\n")).toEqual(wide);
  for (const layout of [{ style }, { style: piped, holds: "words" }, { style: { ...style, ids: "cut" } }] as const)
    expect(table(rows, layout)).toHaveLength(60);
});

test("the colour of what stands before each line takes no room", () => {
  expect(table([["x".repeat(56)]], { style, indent: "  \u001b[32m+\u001b[39m " })).toBe(`  \u001b[32m+\u001b[39m ${"x".repeat(56)}`);
});

test("where that is not enough the widest of the others gives way too, but to a program no id is cut", () => {
  const row = ["m".repeat(30), "p".repeat(40), "16 tokens"];
  expect(table([row], { style })).toBe(`mmmmmm…mmmmm  ${"p".repeat(17)}…${"p".repeat(17)}  16 tokens`);
  expect(table([row], { style: { ...style, ids: "whole" } })).toBe(row.join("  "));
  expect(table([row], { style: { ...style, ids: "whole" }, holds: "words" })).toBe(`mmmmmm…mmmmm  ${"p".repeat(40)}  16 tokens`);
});

test("a column that is narrow already is not made wider where another one is too long", () => {
  expect(table([["a", "x".repeat(70)]], { style })).toBe(`a  ${"x".repeat(28)}…${"x".repeat(28)}`);
});

test("no rows give no text", () => {
  expect(table([], { headers: ["A"], style })).toBe("");
});

const LONG = "a-model-with-a-name-that-is-longer-than-eighty-columns-of-a-terminal-because-somebody-is-fond-of-words";
const MODEL = `groq/${LONG}`;
const FALLBACK = `openai/${LONG}`;
const PROFILE = `groq:${LONG}`;
const DIR = `/home/me/${LONG}`;

const files = {
  [CONFIG]: JSON.stringify({
    agents: {
      defaults: { model: { primary: MODEL, fallbacks: [FALLBACK] }, models: { [MODEL]: { alias: "fast" } } },
      list: [
        { id: "main", default: true },
        { id: "work", agentDir: DIR },
      ],
    },
  }),
  [STORE]: JSON.stringify(storeOf({ [PROFILE]: keyOf("groq", "gsk_abc") })),
};

test.each([
  ["models status", [MODEL, PROFILE]],
  ["models list", [MODEL, FALLBACK]],
  ["models aliases list", [MODEL]],
  ["models explain", [FALLBACK]],
  ["models auth list", [PROFILE]],
  ["models probe --dry-run", [MODEL]],
  ["agents list", [LONG]],
])("where stdout is no terminal, %s cuts no id", async (words, ids) => {
  const { exit, out } = await runOn({ files }, words);
  expect(exit).toBe(0);
  for (const id of ids) expect(out).toContain(id);
});
