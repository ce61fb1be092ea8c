import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { cacheText, HOUR, keptUsage, windowOf } from "../usage/kept.ts";
import { type Rig, startRig } from "./rig.ts";

const KEYS = { "good-chat:a": "sk-canary-account-a-0001", "good-chat:b": "sk-canary-account-b-0001" };
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(["good"]);
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
