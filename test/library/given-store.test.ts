import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { givenStore } from "../../src/library/given-store.ts";
import { memoryState } from "../../src/state/memory-state.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { KEY, type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "auth"]);
});
afterAll(() => rig.stop());

const FAULT = `the database of ${KEY}-good-ant is down`;
const rejects = async (): Promise<never> => {
  throw new Error(FAULT);
};
const throws = (): never => {
  throw new Error(FAULT);
};

describe.each<[keyof StateStore, () => unknown]>([
  ["rests", rejects],
  ["rests", throws],
  ["changeRests", rejects],
  ["changeRests", throws],
  ["append", rejects],
  ["append", throws],
  ["flush", rejects],
  ["flush", throws],
])("a store whose %s fails (%o)", (method, fail) => {
  test("fails no request and no close, and its fault is told without secrets", async () => {
    const told: string[] = [];
    const state = { ...memoryState({ nowMs: () => 0 }), [method]: fail } as StateStore;
    const box = await rig.open({ config: rig.config(["auth-chat/m", "good-ant/m"]), state, warn: (text) => void told.push(text) });
    expect((await box.chat({ prompt: "hi" })).attempts).toMatchObject([{ model: "auth-chat/m", reason: "auth" }]);
    expect((await box.chat({ prompt: "hi" })).passedOver).toMatchObject([{ model: "auth-chat/m", reason: "cooling" }]);
    await box.close();
    expect(told).toEqual([`the state store that was given failed at \`${method}\`: the database of [secret] is down`]);
  });
});

test("what a store knows, and what it says of itself, passes", async () => {
  const store = givenStore({ ...memoryState({ nowMs: () => 0 }), lastFault: "the disk is full" }, () => undefined);
  const row = { key: "k", untilMs: 2, failures: 1, reason: "auth", sinceMs: 1, lastRestMs: 1 };
  expect(await store.changeRests(["k"], () => new Map([["k", row]]))).toBe("changed");
  expect([await store.rests(), store.lastFault]).toEqual([new Map([["k", row]]), "the disk is full"]);
});

test("events that cannot be read are none", async () => {
  const store = givenStore({ ...memoryState({ nowMs: () => 0 }), events: throws }, () => undefined);
  const read: unknown[] = [];
  for await (const event of store.events(0, 1)) read.push(event);
  expect([read, store.lastFault]).toEqual([[], expect.stringContaining("failed at `events`")]);
});
