import { expect, test } from "vitest";
import { openRestBook } from "../../src/routing/rest-book.ts";
import { memoryState } from "../../src/state/memory-state.ts";
import type { RestRow, StateStore } from "../../src/state/state-store.ts";

const rowOf = (key: string, sinceMs = 0): RestRow => ({ key, untilMs: 60_000, failures: 1, reason: "auth", sinceMs, lastRestMs: 60_000 });
const STORED = rowOf("profile openai:a");

/** A store whose rows come when they are let through, and a clock that stands until it is moved. */
function slowStore() {
  const clock = { nowMs: 0 };
  const store = memoryState({ nowMs: () => clock.nowMs });
  const waiting: (() => void)[] = [];
  const counts = { looks: 0 };
  const rests: StateStore["rests"] = async () => {
    counts.looks++;
    const rows = await store.rests();
    await new Promise<void>((resolve) => waiting.push(resolve));
    return rows;
  };
  const host = { nowMs: () => clock.nowMs, monotonicMs: () => clock.nowMs, wait: () => new Promise<void>(() => undefined) };
  const book = openRestBook(host, { ...store, rests, changeRests: store.changeRests });
  const letThrough = async (): Promise<void> => {
    // As many turns as it takes to come to the store.
    for (let i = 0; i < 10; i++) await Promise.resolve();
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { store, clock, counts, book, letThrough };
}

const put = (store: StateStore, row: RestRow) => store.changeRests([row.key], () => new Map([[row.key, row]]));

test("whoever asks while the store is read for the first time waits for what rests", async () => {
  const { store, counts, book, letThrough } = slowStore();
  await put(store, STORED);
  const first = book.rows();
  expect(book.rowsAtHand()).toBeUndefined();
  const second = book.rows();
  await letThrough();
  expect([...(await first).keys(), ...(await second).keys()]).toEqual([STORED.key, STORED.key]);
  expect(counts.looks).toBe(1);
  expect([...(book.rowsAtHand()?.keys() ?? [])]).toEqual([STORED.key]);
});

test("later the last known rows are at hand while the store is read again", async () => {
  const { store, clock, counts, book, letThrough } = slowStore();
  await put(store, STORED);
  const first = book.rows();
  await letThrough();
  await first;
  clock.nowMs = 1000;
  expect(book.rowsAtHand()).toBeUndefined();
  const again = book.rows();
  expect([...(book.rowsAtHand()?.keys() ?? [])]).toEqual([STORED.key]);
  await letThrough();
  expect([...(await again).keys()]).toEqual([STORED.key]);
  expect(counts.looks).toBe(2);
});

test("what was written while the store was read is not lost, also the first time", async () => {
  const { store, book, letThrough } = slowStore();
  await put(store, STORED);
  const first = book.rows();
  for (let i = 0; i < 10; i++) await Promise.resolve();
  const noted = rowOf("profile openai:b", 1);
  book.note([{ key: noted.key, change: () => noted }]);
  await book.flush();
  await letThrough();
  await letThrough();
  expect([...(await first).keys()]).toEqual([STORED.key, noted.key]);
});

test("a store that cannot be read is asked again by the next one", async () => {
  const { store } = slowStore();
  await put(store, STORED);
  let isBroken = true;
  const rests: StateStore["rests"] = async () => {
    if (isBroken) throw new Error("no disk");
    return store.rests();
  };
  const host = { nowMs: () => 0, monotonicMs: () => 0, wait: () => new Promise<void>(() => undefined) };
  const other = openRestBook(host, { ...store, rests, changeRests: store.changeRests });
  await expect(other.rows()).rejects.toThrow("no disk");
  isBroken = false;
  expect([...(await other.rows()).keys()]).toEqual([STORED.key]);
});
