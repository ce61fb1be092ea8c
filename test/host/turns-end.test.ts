import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { atTurnsEnd } from "../../src/host/turns-end.ts";

test("acts together, in order, when the turn is over", async () => {
  const did: string[] = [];
  await turn();
  atTurnsEnd(() => did.push("first"));
  atTurnsEnd(() => did.push("second"));
  await Promise.resolve();
  expect(did).toEqual([]);
  await turn();
  expect(did).toEqual(["first", "second"]);
});

test("what is asked for meanwhile acts in the same turn, behind all that follows from the others", async () => {
  const did: string[] = [];
  atTurnsEnd(() => {
    did.push("first");
    atTurnsEnd(() => did.push("asked for by the first"));
    void Promise.resolve().then(() => did.push("follows from the first"));
  });
  atTurnsEnd(() => did.push("second"));
  await Promise.resolve();
  setImmediate(() => did.push("next"));
  await expect.poll(() => did.at(-1)).toBe("next");
  expect(did).toEqual(["first", "second", "follows from the first", "asked for by the first", "next"]);
});

test("what comes up in the next turn waits for its end", async () => {
  const did: string[] = [];
  atTurnsEnd(() => did.push("first"));
  await expect.poll(() => did).toEqual(["first"]);
  await turn();
  atTurnsEnd(() => did.push("later"));
  await Promise.resolve();
  process.nextTick(() => did.push("tick"));
  await expect.poll(() => did.at(-1)).toBe("later");
  expect(did).toEqual(["first", "tick", "later"]);
});

test("one that throws keeps no other from its turn, and is a fault that nobody catches", async () => {
  const faults: unknown[] = [];
  const others = process.rawListeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", (fault) => faults.push(fault));
  try {
    const did: string[] = [];
    atTurnsEnd(() => {
      throw new Error("broken");
    });
    atTurnsEnd(() => did.push("next"));
    await expect.poll(() => did).toEqual(["next"]);
    expect(faults).toEqual([new Error("broken")]);
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other as NodeJS.UncaughtExceptionListener);
  }
});
