import { expect, test } from "vitest";
import { memoryState } from "../../src/state/memory-state.ts";
import type { RestRow, UsageEvent } from "../../src/state/state-store.ts";

const DAY_MS = 24 * 60 * 60_000;
const clock = { nowMs: () => 0 };

const row = (key: string, untilMs: number): RestRow => ({ key, untilMs, failures: 1, reason: "network", sinceMs: 0, lastRestMs: 5 });

const event = (atMs: number): UsageEvent => ({
  ...{ atMs, requestId: `r${atMs}`, client: "library", asked: "groq/m", outcome: "answered", attempts: [], tookMs: 1, streamed: false },
});

async function times(store: ReturnType<typeof memoryState>, fromMs: number, toMs: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { atMs } of store.events(fromMs, toMs)) found.push(atMs);
  return found;
}

test("events are those of the time that was asked for", async () => {
  const store = memoryState(clock);
  for (const atMs of [10, 20, 30]) await store.append(event(atMs));
  expect(await times(store, 10, 20)).toEqual([10, 20]);
});

test("the newest hundred thousand and more are kept, and never more than twice as many", async () => {
  const store = memoryState(clock);
  for (let atMs = 0; atMs < 250_000; atMs++) await store.append(event(atMs));
  const kept = await times(store, 0, 1_000_000);
  expect([kept.length, kept.at(-1)]).toEqual([150_000, 249_999]);
});

test("a row that is changed to nothing is gone", async () => {
  const store = memoryState(clock);
  const kept = row("endpoint a", 5);
  await store.changeRests(["endpoint a"], () => new Map([["endpoint a", kept]]));
  expect([...(await store.rests()).values()]).toEqual([kept]);
  await store.changeRests(["endpoint a"], (rows) => new Map([...rows.keys()].map((key) => [key, undefined])));
  expect((await store.rests()).size).toBe(0);
});

test("rests that ended more than a day ago are gone, also for who changes them", async () => {
  let nowMs = 0;
  const store = memoryState({ nowMs: () => nowMs });
  await store.changeRests(["a", "b"], () => new Map(["a", "b"].map((key, i) => [key, row(key, 5 + i)])));
  nowMs = DAY_MS + 5;
  expect([...(await store.rests()).keys()]).toEqual(["b"]);
  const seen: string[] = [];
  await store.changeRests(["a", "b"], (rows) => {
    seen.push(...rows.keys());
    return new Map();
  });
  expect(seen).toEqual(["b"]);
});

test("of more than two thousand rests those that end first are lost first", async () => {
  const store = memoryState(clock);
  for (let untilMs = 2500; untilMs > 0; untilMs--) await store.changeRests([], () => new Map([[`${untilMs}`, row(`${untilMs}`, untilMs)]]));
  const kept = [...(await store.rests()).values()].map(({ untilMs }) => untilMs);
  expect([kept.length, Math.min(...kept)]).toEqual([2000, 501]);
});
