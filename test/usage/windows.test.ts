import { expect, test } from "vitest";
import { byTightness, windowsOf } from "../../src/usage/windows.ts";
import { HOUR, keptUsage, NOW, windowOf } from "./kept.ts";

const cache = new Map([["anthropic:work", keptUsage({ windows: [windowOf("5h", 90, NOW), windowOf("week", 40, NOW + HOUR), windowOf("all", 1, null)] })]]);

test("the windows of an account are those that have not begun anew since", () => {
  expect(windowsOf(cache, "anthropic:work", NOW).map(({ label }) => label)).toEqual(["week", "all"]);
  expect(windowsOf(cache, "anthropic:work", NOW - 1).map(({ label }) => label)).toEqual(["5h", "week", "all"]);
});

test("an account of which nothing is known has none", () => {
  expect(windowsOf(cache, "anthropic:other", NOW)).toEqual([]);
  expect(windowsOf(new Map([["a:b", { ...keptUsage(), told: undefined as never }]]), "a:b", NOW)).toEqual([]);
});

test("the fullest comes first, then the one that begins anew first", () => {
  const sorted = byTightness([windowOf("late", 50, NOW + 2), windowOf("never", 50, null), windowOf("soon", 50, NOW + 1), windowOf("full", 51, null)]);
  expect(sorted.map(({ label }) => label)).toEqual(["full", "soon", "late", "never"]);
});
