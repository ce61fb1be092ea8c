import { expect, test } from "vitest";
import { makeStyle } from "../../src/cli/style.ts";
import { glanceLines } from "../../src/cli/usage-glance-lines.ts";
import { HOUR, NOW } from "../usage/kept.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: NOW });
const glance = (profileId: string, more: object) => ({
  ...{ profileId, provider: "lab", windows: [], balances: [], plan: null, official: true, takenAt: NOW - HOUR, ageMs: HOUR },
  ...more,
});

test("a line an account: its age, its two fullest windows, its money", () => {
  const windows = [
    { label: "5h", usedPercent: 9, resetsAt: NOW + HOUR },
    { label: "week", usedPercent: 42, resetsAt: NOW + 50 * HOUR },
    { label: "week Opus", usedPercent: 40, resetsAt: null },
  ];
  expect(
    glanceLines([glance("anthropic:work", { windows }), glance("lab:a", { balances: [{ amount: 3.2, currency: "USD" }], ageMs: 5 * 60_000 })], style),
  ).toEqual(["  anthropic:work  1h ago   week 42% (2d 2h) · week Opus 40%", "  lab:a           5m ago   $3.20 left"]);
});

test("a name that a program reads is whole", () => {
  const profileId = `openai-codex:${"x".repeat(60)}@example.com`;
  const [line = ""] = glanceLines([glance(profileId, { balances: [{ amount: 3.2, currency: "USD" }] })], { ...style, ids: "whole" });
  expect(line.split("\n")[0]).toContain(`  ${profileId}  1h ago`);
});

test("a long name is cut in its middle, and long facts go on below themselves", () => {
  const windows = [
    { label: "code review week", usedPercent: 9, resetsAt: NOW + HOUR },
    { label: "another long name of a window", usedPercent: 8, resetsAt: NOW + HOUR },
  ];
  const [line = ""] = glanceLines([glance(`openai-codex:${"x".repeat(60)}@example.com`, { windows })], style);
  expect(line.split("\n")).toEqual([
    "  openai-codex:xxx…xxx@example.com  1h ago   code review week 9% (1h) · another",
    "                                             long name of a window 8% (1h)",
  ]);
});
