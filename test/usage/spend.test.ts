import { expect, test } from "vitest";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { type SpendSums, sumSpend } from "../../src/usage/spend.ts";
import type { SpendGrouping } from "../../src/usage/spend-groupings.ts";
import { DAY, failedEvent, NOON, usageEvent, usageEventWithout } from "./events.ts";

async function* from(events: readonly UsageEvent[]): AsyncGenerator<UsageEvent> {
  yield* events;
}
const spend = (by: SpendGrouping, ...events: readonly UsageEvent[]) => sumSpend(from(events), by);
const keys = async (by: SpendGrouping, ...events: readonly UsageEvent[]) =>
  (await spend(by, ...events)).groups.map(({ key, requests, attempts, costUsd }) => [key, requests, attempts, costUsd]);

const ONE: SpendSums = {
  ...{ requests: 1, answered: 1, cut: 0, failed: 0, cancelled: 0, attempts: 1, failedAttempts: 0 },
  ...{ inputTokens: 1000, outputTokens: 200, cacheReadTokens: 0, cacheWriteTokens: 0, uncounted: 0, costUsd: 0.01, unpriced: 0, maybeBilled: 0 },
};

test("a request that was answered has its tokens and its cost", async () => {
  expect(await spend("day", usageEvent())).toEqual({ groups: [{ key: "2026-11-21", ...ONE }], total: ONE });
});

test("sums of money are without what binary fractions add", async () => {
  expect((await spend("day", usageEvent({ costUsd: 0.1 }), usageEvent({ costUsd: 0.2 }))).total.costUsd).toBe(0.3);
});

test("days are UTC's and in order", async () => {
  const events = [usageEvent(), usageEvent({ atMs: NOON - DAY }), usageEvent({ atMs: Date.UTC(2026, 10, 21) })];
  expect(await keys("day", ...events)).toEqual([
    ["2026-11-20", 1, 1, 0.01],
    ["2026-11-21", 2, 2, 0.02],
  ]);
});

test("clients come by what they cost, then by how much they asked", async () => {
  const of = (client: string, costUsd: number) => usageEvent({ client, costUsd });
  expect(await keys("client", of("a", 0), of("b", 0), of("b", 0), of("c", 1))).toEqual([
    ["c", 1, 1, 1],
    ["b", 2, 2, 0],
    ["a", 1, 1, 0],
  ]);
});

test("a failed attempt counts for the model and the account that failed, and the request for who answered it", async () => {
  const attempts = [{ model: "openai/gpt", profileId: "openai:work", reason: "auth", tookMs: 3 }];
  expect(await keys("model", usageEvent({ attempts }))).toEqual([
    ["groq/llama", 1, 1, 0.01],
    ["openai/gpt", 0, 1, 0],
  ]);
  expect(await keys("profile", usageEvent({ attempts }))).toEqual([
    ["groq:default", 1, 1, 0.01],
    ["openai:work", 0, 1, 0],
  ]);
  expect(await keys("client", usageEvent({ attempts }))).toEqual([["editor", 1, 2, 0.01]]);
});

test("a request that nobody answered is of no model", async () => {
  expect(await keys("model", failedEvent())).toEqual([
    [null, 1, 0, 0],
    ["groq/llama", 0, 1, 0],
  ]);
  const { total } = await spend("day", failedEvent());
  expect([total.failed, total.attempts, total.failedAttempts, total.costUsd]).toEqual([1, 1, 1, 0]);
});

test("a cost that is not known is null, never nothing; beside others it is left out and counted", async () => {
  const unknown = usageEventWithout("costUsd");
  expect((await spend("day", unknown)).total).toEqual({ ...ONE, costUsd: null, unpriced: 1 });
  const both = (await spend("day", unknown, usageEvent())).total;
  expect([both.costUsd, both.unpriced, both.requests]).toEqual([0.01, 1, 2]);
});

test("a model that costs nothing has cost nothing", async () => {
  const { total } = await spend("day", usageEvent({ costUsd: 0 }));
  expect([total.costUsd, total.unpriced]).toEqual([0, 0]);
});

test("answers of which nobody counted the tokens are counted themselves", async () => {
  const { total } = await spend("day", usageEventWithout("inputTokens", "outputTokens", "costUsd"));
  expect([total.uncounted, total.unpriced, total.inputTokens]).toEqual([1, 1, 0]);
});

test("what broke off may be billed: answers that were cut or left, and attempts that say so", async () => {
  const attempts = [{ model: "groq/llama", reason: "timeout", tookMs: 3, maybeBilled: true as const }];
  const events = [usageEvent({ outcome: "cut" }), usageEvent({ outcome: "cancelled" }), usageEvent({ attempts }), failedEvent({ outcome: "cancelled" })];
  const { total } = await spend("day", ...events);
  expect([total.maybeBilled, total.cut, total.cancelled, total.answered]).toEqual([3, 1, 2, 1]);
});
