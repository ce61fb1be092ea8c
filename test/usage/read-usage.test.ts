import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { readUsage } from "../../src/usage/read-usage.ts";
import type { UsageFacts, UsageWindow } from "../../src/usage/usage-facts.ts";
import { USAGE_READERS } from "../../src/usage/usage-readers.ts";
import { fixture, readerOf } from "./fixture.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const at = (iso: string): number => Date.parse(iso);

const facts = (more: Partial<UsageFacts>): UsageFacts => ({ plan: null, isBlocked: false, windows: [], balances: [], spent: [], limits: [], ...more });
const share = (label: string, usedPercent: number, resetsAt: string | null): UsageWindow => ({
  ...{ label, usedPercent, used: null, limit: null, remaining: null, unit: null },
  resetsAt: resetsAt === null ? null : at(resetsAt),
});
const read = (provider: string, body: unknown): UsageFacts | undefined => readUsage(readerOf(provider), body, [], NOW);

describe("what a vendor's answer tells", () => {
  test.each<[fixtureName: string, provider: string, expected: UsageFacts]>([
    [
      "openrouter",
      "openrouter",
      facts({
        windows: [{ label: "month", usedPercent: 25.5, used: 25.5, limit: 100, remaining: 74.5, unit: "USD", resetsAt: at("2026-12-01T00:00:00Z") }],
        spent: [
          { period: "day", amount: 1.2, currency: "USD" },
          { period: "month", amount: 25.5, currency: "USD" },
          { period: "all", amount: 25.5, currency: "USD" },
        ],
      }),
    ],
    ["openrouter-unlimited", "openrouter", facts({ plan: "free", spent: [{ period: "all", amount: 0.101564, currency: "USD" }] })],
    ["deepseek", "deepseek", facts({ balances: [{ amount: 110, currency: "CNY" }] })],
    ["moonshot", "moonshot", facts({ balances: [{ amount: 49.58894, currency: "USD" }] })],
    ["moonshot", "moonshot-cn", facts({ balances: [{ amount: 49.58894, currency: "CNY" }] })],
    ["siliconflow", "siliconflow", facts({ balances: [{ amount: 88.88, currency: "USD" }] })],
    ["siliconflow", "siliconflow-cn", facts({ balances: [{ amount: 88.88, currency: "CNY" }] })],
    ["novita", "novita", facts({ balances: [{ amount: 100, currency: "USD" }] })],
    [
      "venice",
      "venice",
      facts({
        windows: [{ label: "day", usedPercent: 9.5, used: 9.5, limit: 100, remaining: 90.5, unit: "DIEM", resetsAt: at("2026-11-22T00:00:00Z") }],
        balances: [{ amount: 25, currency: "USD" }],
      }),
    ],
    [
      "vercel-ai-gateway",
      "vercel-ai-gateway",
      facts({ balances: [{ amount: 95.5, currency: "USD" }], spent: [{ period: "all", amount: 4.5, currency: "USD" }] }),
    ],
    ["poe", "poe", facts({ balances: [{ amount: 1500, currency: "points" }] })],
    ["nano-gpt", "nano-gpt", facts({ balances: [{ amount: 129.469561, currency: "USD" }] })],
    ["minimax", "minimax", facts({ windows: [share("5h general", 42, "2026-11-21T17:00:00Z"), share("week general", 12, null)] })],
    [
      "anthropic-oauth",
      "anthropic",
      facts({
        windows: [
          share("5h", 42, "2026-11-21T14:10:00Z"),
          share("week", 12, "2026-11-26T15:00:00Z"),
          share("week Sonnet", 3, "2026-11-26T15:00:00Z"),
          share("week Opus", 40, "2026-11-26T15:00:00Z"),
        ],
      }),
    ],
    [
      "openai-codex",
      "openai-codex",
      facts({
        plan: "plus",
        windows: [share("5h", 6, "2026-11-21T14:30:00Z"), share("week", 24, "2026-11-26T13:33:20Z"), share("code review week", 0, "2026-11-26T13:33:20Z")],
        balances: [{ amount: 5.39, currency: "credits" }],
      }),
    ],
    [
      "github-copilot",
      "github-copilot",
      facts({
        plan: "pro",
        windows: [
          { label: "premium", usedPercent: 20, used: 60, limit: 300, remaining: 240, unit: "requests", resetsAt: at("2026-12-01T00:00:00Z") },
          { label: "completions", usedPercent: 40, used: 800, limit: 2000, remaining: 1200, unit: "requests", resetsAt: at("2026-12-01T00:00:00Z") },
        ],
      }),
    ],
    ["zai", "zai", facts({ plan: "lite", windows: [share("5h", 1, "2026-11-21T14:30:00Z"), share("tools month", 28, "2026-12-11T14:40:00Z")] })],
    [
      "kimi-coding",
      "kimi-coding",
      facts({
        windows: [
          { label: "5h", usedPercent: 69.5, used: 139, limit: 200, remaining: 61, unit: "requests", resetsAt: at("2026-11-21T13:33:02.717Z") },
          { label: "week", usedPercent: 10.4, used: 214, limit: 2048, remaining: 1834, unit: "requests", resetsAt: at("2026-11-24T15:23:13.716Z") },
        ],
      }),
    ],
  ])("%s, as %s", (name, provider, expected) => {
    expect(read(provider, fixture(name).body)).toEqual(expected);
  });

  test.each<[days: string, limit_reset: string, resets: string]>([
    ["Saturday", "daily", "2026-11-22T00:00:00Z"],
    ["Saturday", "weekly", "2026-11-23T00:00:00Z"],
    ["Saturday", "monthly", "2026-12-01T00:00:00Z"],
  ])("a limit of a key that is renewed begins anew at midnight UTC, weeks on Monday: on a %s, %s", (_, limit_reset, resets) => {
    const [window] = read("openrouter", { data: { limit: 10, limit_remaining: 4, limit_reset } })?.windows ?? [];
    expect(window?.resetsAt).toBe(at(resets));
  });

  test("a week that begins on this very Monday ends on the next one", () => {
    const monday = Date.UTC(2026, 10, 23, 8);
    const told = readUsage(readerOf("openrouter"), { data: { limit: 10, limit_remaining: 4, limit_reset: "weekly" } }, [], monday);
    expect(told?.windows[0]?.resetsAt).toBe(at("2026-11-30T00:00:00Z"));
  });

  test("a vendor that says that calls are refused is believed, also with money left or nothing else said", () => {
    expect(read("deepseek", { is_available: false, balance_infos: [] })).toEqual(facts({ isBlocked: true }));
    expect(read("venice", { canConsume: false, balances: { usd: 0 } })).toEqual(facts({ isBlocked: true, balances: [{ amount: 0, currency: "USD" }] }));
  });

  test("more than all may be used, and less than nothing is nothing", () => {
    const told = read("anthropic", { five_hour: { utilization: 130.26 }, seven_day: { utilization: -3 } });
    expect(told?.windows.map(({ usedPercent }) => usedPercent)).toEqual([130.3, 0]);
  });
});

describe("an answer that is something else", () => {
  test.each<[string, string, unknown]>([
    ["an error in a good answer", "moonshot", { code: 5, data: { available_balance: 3 } }],
    ["another vendor's shape", "deepseek", { balance: 3 }],
    ["a list", "openrouter", []],
    ["nothing", "openrouter", null],
    ["a limit of nothing", "openrouter", { data: { limit: 0, limit_remaining: 0 } }],
    ["numbers that are none", "novita", { availableBalance: "1e999" }],
    ["a number too long to be money", "novita", { availableBalance: "9".repeat(400) }],
    ["a currency that is none", "deepseek", { balance_infos: [{ currency: 3, total_balance: "1" }] }],
  ])("%s tells nothing", (_, provider, body) => {
    expect(read(provider, body)).toBeUndefined();
  });

  test("whatever comes, reading it ends in facts or in nothing", () => {
    assert(
      property(jsonValue(), (body) => {
        for (const reader of USAGE_READERS) readUsage(reader, body, [], NOW);
      }),
      { numRuns: 300 },
    );
  });

  test("a list without end is cut off, and a name of a model too", () => {
    const limits = Array.from({ length: 1000 }, (_, index) => ({
      kind: "weekly_scoped",
      percent: 1,
      scope: { model: { display_name: `${index} ${"model name ".repeat(50)}` } },
    }));
    const told = read("anthropic", { limits });
    expect([told?.windows.length, Math.max(...(told?.windows ?? []).map(({ label }) => label.length))]).toEqual([50, 45]);
  });

  test("names of the prototype are no fields", () => {
    expect(read("openrouter", { data: { limit: 10, limit_remaining: 5, limit_reset: "constructor" } })?.windows[0]).toMatchObject({
      label: "limit",
      resetsAt: null,
    });
  });

  test("a moment that lies nowhere is none", () => {
    const resets = ["soon", "", 0, -5, 1e300, "+275760-09-13T00:00:00Z"];
    const told = resets.map((resets_at) => read("anthropic", { five_hour: { utilization: 1, resets_at } })?.windows[0]?.resetsAt);
    expect(told).toEqual(resets.map(() => null));
  });
});
