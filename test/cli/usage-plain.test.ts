import { expect, test } from "vitest";
import { usagePlain } from "../../src/cli/usage-plain.ts";
import type { UsageRow } from "../../src/usage/usage-row.ts";
import { HOUR, NOW, windowOf } from "../usage/kept.ts";

const row = (profileId: string, more: Partial<UsageRow> = {}): UsageRow => ({
  ...{ profileId, provider: profileId.split(":")[0] ?? "", label: profileId, type: "api_key", outcome: "told", asked: true },
  ...{ reason: null, detail: null, hint: null, httpStatus: null, official: true, source: null, url: null, plan: null, blocked: false },
  ...{ windows: [], balances: [], spent: [], limits: [], takenAt: NOW, ageMs: 0, heldUntil: null },
  ...more,
});
const usd = (amount: number) => ({ amount, currency: "USD" });

test("one line: the fullest window or the balance of each account, which is named by its provider where that has only one", () => {
  const accounts = [
    row("anthropic:work", { windows: [windowOf("week", 12, NOW + HOUR), windowOf("5h", 42, NOW + 2 * HOUR + 600_000)] }),
    row("anthropic:tool", { outcome: "not asked", reason: "vendor_tool_only" }),
    row("openrouter:default", { balances: [usd(3.2)] }),
  ];
  expect(usagePlain(accounts, NOW)).toBe("anthropic:work 5h 42% 2h10m · openrouter $3.20");
});

test.each<[string, Partial<UsageRow>, string]>([
  ["a window without an end", { windows: [windowOf("week", 12, null)] }, "lab week 12%"],
  ["several balances", { balances: [usd(1), { amount: 2, currency: "CNY" }] }, "lab $1.00 ¥2.00"],
  [
    "what was spent",
    {
      spent: [
        { period: "all", ...usd(9) },
        { period: "month", ...usd(2) },
      ],
    },
    "lab $2.00 spent month",
  ],
  ["what the headers say", { limits: [{ name: "requests", limit: 100, remaining: 25, resetsAt: NOW + 6000 }] }, "lab requests 75% 6s"],
  ["headers without a limit", { limits: [{ name: "requests", limit: null, remaining: 25, resetsAt: null }] }, ""],
  ["nothing told", { outcome: "silent" }, ""],
  ["a failure of which nothing is known", { outcome: "failed", reason: "auth" }, "lab !auth"],
  ["a failure of which something is known", { outcome: "failed", reason: "network", balances: [usd(1)] }, "lab! $1.00"],
])("%s", (_, more, line) => {
  expect(usagePlain([row("lab:one", more)], NOW)).toBe(line);
});

test("the same secret twice is one account", () => {
  const accounts = [row("lab:one", { balances: [usd(1)] }), row("env:LAB_KEY", { provider: "lab", outcome: "not asked", reason: "duplicate" })];
  expect(usagePlain(accounts, NOW)).toBe("lab $1.00");
});

test("nobody is an empty line", () => {
  expect(usagePlain([], NOW)).toBe("");
});
