import { expect, test } from "vitest";
import { byTightness, windowsLeft, windowsOf } from "../../src/usage/windows.ts";
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

const ACCOUNT = { profileId: "openrouter:a", provider: "openrouter", account: "…abc123" };
const leftOf = (more: Parameters<typeof keptUsage>[1] = {}, account: Partial<typeof ACCOUNT> = {}, nowMs = NOW) => {
  const windows = [windowOf("5h", 90, NOW + HOUR), windowOf("week", 40, NOW + 2 * HOUR), windowOf("3d", 130, NOW + 3 * HOUR)];
  const others = [
    windowOf("week Opus", 100, NOW + HOUR),
    windowOf("extra", 1, NOW + HOUR),
    windowOf("month", 1, null),
    windowOf("day", 1, NOW - 1),
    windowOf("constructor", 1, NOW + HOUR),
  ];
  return windowsLeft(new Map([["openrouter:a", keptUsage({ windows: [...windows, ...others] }, more)]]), [{ ...ACCOUNT, ...account }], nowMs).get(
    "openrouter:a",
  );
};

test("what is left of an account is that of its windows of a known length that are still to end", () => {
  expect(leftOf()).toEqual([
    { leftPercent: 10, resetsAtMs: NOW + HOUR, windowMs: 5 * HOUR },
    { leftPercent: 60, resetsAtMs: NOW + 2 * HOUR, windowMs: 7 * 24 * HOUR },
    { leftPercent: 0, resetsAtMs: NOW + 3 * HOUR, windowMs: 3 * 24 * HOUR },
  ]);
});

test("nothing counts that another account was told under that name, or that is old", () => {
  expect(leftOf({}, { account: "…other1" })).toBeUndefined();
  expect(leftOf({}, { provider: "zai" })).toBeUndefined();
  expect(leftOf({}, {}, NOW + HOUR)).toBeUndefined();
  expect(windowsLeft(new Map(), [ACCOUNT], NOW).size).toBe(0);
});
