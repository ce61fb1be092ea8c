import { describe, expect, test } from "vitest";
import { moneyText, spendLines } from "../../src/cli/spend-lines.ts";
import type { SpendReport } from "../../src/cli/spend-report.ts";
import { makeStyle } from "../../src/cli/style.ts";
import { sumSpend } from "../../src/usage/spend.ts";
import type { SpendGrouping } from "../../src/usage/spend-groupings.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { DAY, failedEvent, NOON, usageEvent, usageEventWithout } from "../usage/events.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: NOON });
const FOLDER = "/home/me/.nemo/signalbox/usage";

async function* from(events: readonly UsageEvent[]): AsyncGenerator<UsageEvent> {
  yield* events;
}
async function shown(by: SpendGrouping, events: readonly UsageEvent[], missed: SpendReport["missed"] = []): Promise<string> {
  const spend = await sumSpend(from(events), by);
  return spendLines({ schemaVersion: 1, by, from: Date.UTC(2026, 10, 15), to: NOON, ...spend, missed, folder: FOLDER }, style);
}

test("a day a line, with bars by cost", async () => {
  const events = [...Array.from({ length: 1234 }, () => usageEvent({ atMs: NOON - DAY, costUsd: 0.002 })), usageEvent({ costUsd: 1.25 })];
  expect(await shown("day", events)).toBe(
    [
      "$3.72 since 2026-11-15: 1,235 requests, 1,235 attempts; 1.24M tokens in, 247k",
      "out.",
      "",
      "  Day          Cost            Requests  Tries  Failed  Cut     In   Out",
      "  2026-11-20  $2.47  ████████     1,234  1,234               1.23M  247k",
      "  2026-11-21  $1.25  ████░░░░         1      1                  1k   200",
      "",
      "  · by the models' stated prices, also where a subscription pays; days are UTC",
    ].join("\n"),
  );
});

test("a sum that leaves something out says so, and says what", async () => {
  const attempts = [{ model: "openai/gpt", reason: "timeout", tookMs: 3, maybeBilled: true as const }];
  const events = [usageEvent({ attempts }), { ...usageEventWithout("costUsd"), servedBy: "lab/qwen" }, failedEvent(), usageEvent({ outcome: "cut" })];
  expect(await shown("model", events)).toBe(
    [
      "At least $0.02 since 2026-11-15: 4 requests, 5 attempts, 1 failed, 1 cut off; 3k",
      "tokens in, 600 out.",
      "",
      "  Model                  Cost            Requests  Tries  Failed  Cut  In  Out",
      "  groq/llama         ≥ $0.02*  ████████         2      3            1  2k  400",
      "  lab/qwen           unknown   ░░░░░░░░         1      1               1k  200",
      "  (nobody answered)    $0.00   ░░░░░░░░         1      0       1        0    0",
      "  openai/gpt         ≥ $0.00*  ░░░░░░░░         0      1                0    0",
      "",
      "  ≥ the cost of 1 answer is unknown: no price is stated for the model",
      "  * 2 attempts broke off, and may be on a bill all the same",
      "  · by the models' stated prices, also where a subscription pays; days are UTC",
    ].join("\n"),
  );
});

test("a name that leaves no room gets a line of its own; where no cost is known, bars show requests", async () => {
  const events = [{ ...usageEventWithout("costUsd", "inputTokens", "outputTokens"), servedBy: "openrouter/moonshotai/kimi-k2-instruct-0905" }];
  expect(await shown("model", events)).toBe(
    [
      "What it cost is unknown since 2026-11-15: 1 request, 1 attempt; ? tokens in, ?",
      "out.",
      "",
      "       Cost            Requests  Tries  Failed  Cut  In  Out",
      "  openrouter/moonshotai/kimi-k2-instruct-0905",
      "    unknown  ████████         1      1                ?    ?",
      "",
      "  · the cost of 1 answer is unknown: the vendor counted no tokens",
      "  · by the models' stated prices, also where a subscription pays; days are UTC;",
      "    bars show requests",
    ].join("\n"),
  );
});

test("what could not be read stands above the figures, with its file", async () => {
  const file = `${FOLDER}/2026-11-20.jsonl`;
  const text = await shown(
    "day",
    [usageEvent()],
    [
      { file, why: "damaged", lines: 3 },
      { file, why: "unreadable", lines: 0 },
      { file, why: "full", lines: 0 },
    ],
  );
  expect(text.split("\n").slice(2, 8)).toEqual([
    "! 3 lines of ~/.nemo/signalbox/usage/2026-11-20.jsonl cannot be read, and are",
    "  not counted",
    "! ~/.nemo/signalbox/usage/2026-11-20.jsonl cannot be read: nothing of that day",
    "  is counted",
    "! ~/.nemo/signalbox/usage/2026-11-20.jsonl is full: later requests of that day",
    "  were not noted",
  ]);
});

test("where nothing was noted, it is said who would note it", async () => {
  expect(await shown("day", [])).toBe(
    [
      "No request was noted since 2026-11-15.",
      "  → The gateway (nemo gateway serve) notes each request of its clients in",
      "    ~/.nemo/signalbox/usage, and so does a program that uses the library; kept",
      "    for 90 days.",
    ].join("\n"),
  );
});

describe("money", () => {
  test.each([
    [0, "$0.00"],
    [0.00001, "<$0.0001"],
    [0.0042, "$0.0042"],
    [0.005, "$0.005"],
    [0.01, "$0.01"],
    [3.2, "$3.20"],
    [999.994, "$999.99"],
    [1234.5, "$1,235"],
    [1_234_567, "$1,234,567"],
  ])("%d is %s", (usd, text) => {
    expect(moneyText(usd)).toBe(text);
  });
});
