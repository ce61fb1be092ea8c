import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { memoryState } from "../../src/state/memory-state.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { cacheText, HOUR, keptUsage, windowOf } from "../usage/kept.ts";
import { type Rig, startRig } from "./rig.ts";

const KEYS = { "good-chat:a": "sk-canary-account-a-0001", "good-chat:b": "sk-canary-account-b-0001" };
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(["good", "silent", "content_then_silent", "billing"]);
});
afterAll(() => rig.stop());

function write(path: string, text: string): void {
  const file = join(rig.home, ".nemo", path);
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

test("accounts are asked in the order of what their vendors told is left", async () => {
  write(
    "agents/main/agent/auth-profiles.json",
    JSON.stringify(storeOf(Object.fromEntries(Object.entries(KEYS).map(([id, key]) => [id, keyOf("good-chat", key)])))),
  );
  const config = rig.config(["good-chat/m"]);
  const before = await rig.open({ config });
  const { accounts } = await before.status();
  const fingerprintOf = (id: string): string => accounts.find(({ profileId }) => profileId === id)?.fingerprint ?? "";
  const told = (id: string, resetsInHours: number) => {
    const nowMs = Date.now();
    const window = windowOf("week", 40, nowMs + resetsInHours * HOUR);
    const last = { atMs: nowMs, outcome: "told" as const, failures: 0, freshUntilMs: nowMs, heldUntilMs: nowMs };
    const { told: kept } = keptUsage({ windows: [window] });
    return { ...keptUsage({}, { provider: "good-chat", account: fingerprintOf(id), last }), told: { ...kept, atMs: nowMs } };
  };
  write("signalbox/usage.json", cacheText({ "good-chat:a": told("good-chat:a", 150), "good-chat:b": told("good-chat:b", 10) }));
  const box = await rig.open({ config });
  expect((await box.explain()).models[0]?.profiles.map(({ profileId }) => profileId).slice(0, 2)).toEqual(["good-chat:b", "good-chat:a"]);
  await box.chat({ prompt: "hi" });
  expect(rig.vendors.get("good")?.asked.at(-1)?.headers["authorization"]).toBe(`Bearer ${KEYS["good-chat:b"]}`);
});

test("closing waits for the calls that it ends, and keeps what they came to", async () => {
  const kept: (UsageEvent["outcome"] | "flush")[] = [];
  const state = {
    ...memoryState({ nowMs: Date.now }),
    append: async ({ outcome }: UsageEvent) => void kept.push(outcome),
    flush: async () => void kept.push("flush"),
  };
  const box = await rig.open({ config: rig.config(["silent-chat/m"], { gateway: {} }), state });
  const ends: unknown[] = [];
  const note = (thrown: unknown) => void ends.push(thrown);
  const read = async () => {
    for await (const event of box.stream({ model: "content-then-silent-chat/m", prompt: "hi" })) if (event.kind === "failed") return;
  };
  box.chat({ prompt: "hi" }).catch(note);
  box.chat({ prompt: "hi" }).catch(note);
  read().catch(note);
  await expect.poll(() => [...rig.vendors.values()].reduce((count, { busy }) => count + busy.size, 0)).toBe(3);
  await box.close();
  expect(kept).toEqual(["cancelled", "cancelled", "cancelled", "flush"]);
  await expect.poll(() => ends).toEqual(Array(3).fill(expect.objectContaining({ code: "LIBRARY_CLOSED" })));
});

test("closing does not wait for a reader who has paused", async () => {
  let isClosing = false;
  const waits: number[] = [];
  const wait = async (ms: number) => (isClosing ? void waits.push(ms) : new Promise<void>(() => undefined));
  const box = await rig.open({ config: rig.config(["good-chat/m"]), host: { wait } });
  const events = box.stream({ prompt: "hi" })[Symbol.asyncIterator]();
  await events.next();
  isClosing = true;
  await box.close();
  expect(waits).toEqual([1000]);
});

test("a failure rests as long as the config says by then", async () => {
  const withHours = (hours: number) =>
    write("nemo.json", JSON.stringify(rig.config(["billing-chat/m"], { auth: { cooldowns: { billingBackoffHours: hours } } })));
  const state = memoryState({ nowMs: () => 0 });
  let monotonicMs = 0;
  withHours(2);
  const box = await rig.open({ state, host: { monotonicMs: () => monotonicMs, nowMs: () => 0, random: () => 0 } });
  const restsAfter = async (model: string): Promise<number[]> => {
    await expect(box.chat({ model, prompt: "hi", strict: true })).rejects.toMatchObject({ code: "UPSTREAM_EXHAUSTED" });
    await expect.poll(async () => (await state.rests()).size).toBe(model.startsWith("billing-chat") ? 1 : 2);
    return [...(await state.rests()).values()].map(({ lastRestMs }) => lastRestMs / HOUR);
  };
  expect(await restsAfter("billing-chat/m")).toEqual([1]);
  withHours(20);
  monotonicMs += 500;
  expect(await restsAfter("billing-ant/m")).toEqual([1, 10]);
});
