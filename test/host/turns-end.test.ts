import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { atTurnsEnd } from "../../src/host/turns-end.ts";

test("acts together, in order, when the turn is over", async () => {
  const did: string[] = [];
  atTurnsEnd(() => did.push("first"));
  atTurnsEnd(() => did.push("second"));
  await Promise.resolve();
  expect(did).toEqual([]);
  await turn();
  expect(did).toEqual(["first", "second"]);
});

test("what is asked for meanwhile acts in the next turn", async () => {
  const did: string[] = [];
  atTurnsEnd(() => {
    did.push("first");
    atTurnsEnd(() => did.push("later"));
  });
  await turn();
  expect(did).toEqual(["first"]);
  await turn();
  expect(did).toEqual(["first", "later"]);
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
