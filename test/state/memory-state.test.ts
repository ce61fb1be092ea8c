import { expect, test } from "vitest";
import { memoryState } from "../../src/state/memory-state.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";

const event = (atMs: number): UsageEvent => ({
  ...{ atMs, requestId: `r${atMs}`, client: "library", asked: "groq/m", outcome: "answered", attempts: [], tookMs: 1, streamed: false },
});

async function times(store: ReturnType<typeof memoryState>, fromMs: number, toMs: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { atMs } of store.events(fromMs, toMs)) found.push(atMs);
  return found;
}

test("events are those of the time that was asked for", async () => {
  const store = memoryState();
  for (const atMs of [10, 20, 30]) await store.append(event(atMs));
  expect(await times(store, 10, 20)).toEqual([10, 20]);
});

test("the newest hundred thousand and more are kept, and never more than twice as many", async () => {
  const store = memoryState();
  for (let atMs = 0; atMs < 250_000; atMs++) await store.append(event(atMs));
  const kept = await times(store, 0, 1_000_000);
  expect([kept.length, kept.at(-1)]).toEqual([150_000, 249_999]);
});

test("a row that is changed to nothing is gone", async () => {
  const store = memoryState();
  const row = { key: "endpoint a", untilMs: 5, failures: 1, reason: "network", sinceMs: 0, lastRestMs: 5 };
  await store.changeRests(["endpoint a"], () => new Map([["endpoint a", row]]));
  expect([...(await store.rests()).values()]).toEqual([row]);
  await store.changeRests(["endpoint a"], (rows) => new Map([...rows.keys()].map((key) => [key, undefined])));
  expect((await store.rests()).size).toBe(0);
});
