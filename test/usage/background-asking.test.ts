import { describe, expect, test } from "vitest";
import { openBroker } from "../../src/broker.ts";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { configuredLimits } from "../../src/routing/limits.ts";
import { planFacts } from "../../src/routing/plan-facts.ts";
import { ASK_EVERY_MS, askInBackground, type BackgroundFacts, worthAsking } from "../../src/usage/background-asking.ts";
import { type KnownWindows, LOOK_EVERY_MS, openKnownWindows } from "../../src/usage/known-windows.ts";
import { knownAccounts } from "../../src/usage/account-key.ts";
import { readUsageCache } from "../../src/usage/usage-cache.ts";
import { CONFIG, HOUR, keyOf, loginOf, NAMES, NOW, STORE, storeOf } from "../credentials/open-facts.ts";
import { type FakeHost, type FakeMachine, fakeHost, response } from "../support/fake-host.ts";
import { packaged } from "../support/packaged.ts";
import { fixture } from "./fixture.ts";

const STATE = "/home/me/.nemo";
const json = (value: unknown): string => JSON.stringify(value);
const TWO = { "openrouter:a": keyOf("openrouter", "sk-or-v1-canary-000001"), "openrouter:b": keyOf("openrouter", "sk-or-v1-canary-000002") };

interface Rig {
  readonly host: FakeHost;
  readonly known: KnownWindows;
  readonly told: string[];
  readonly facts: () => BackgroundFacts;
  /** The next thing that is due is done. */
  tick(): Promise<void>;
  stop(): void;
}

async function open(store: Readonly<Record<string, unknown>>, config: object = {}, http?: FakeMachine["http"]): Promise<Rig> {
  const answer = () => response(200, json(fixture("openrouter").body), { "content-type": "application/json" });
  const host = fakeHost({ packaged, nowMs: NOW, http: http ?? answer, files: { [CONFIG]: json(config), [STORE]: json(storeOf(store)) } });
  const broker = await openBroker({ host, names: NAMES, agent: undefined });
  const base = { config: broker.config(), registry: broker.registry(), credentials: broker.credentials(), plugins: [] };
  const configured = configuredAuth(base.config, base.registry);
  const { rotationOf } = planFacts({ ...base, configured, limits: configuredLimits(base.config, base.registry), sha256: host.sha256 });
  const facts = (): BackgroundFacts => ({ ...base, nowMs: host.nowMs(), rotationOf });
  const known = openKnownWindows(host, STATE, () => knownAccounts(facts()));
  const told: string[] = [];
  let due: { ms: number; act: () => void } | undefined;
  const after = (ms: number, act: () => void) => {
    const mine = { ms, act };
    due = mine;
    return () => {
      if (due === mine) due = undefined;
    };
  };
  const stop = askInBackground({ host, after, factsNow: facts, known, tell: (message) => told.push(message) });
  const tick = async (): Promise<void> => {
    const { ms, act } = due ?? { ms: 0, act: () => undefined };
    due = undefined;
    await host.wait(ms);
    act();
    for (let turn = 0; turn < 20; turn++) await host.wait(0);
  };
  return { host, known, told, facts, tick, stop };
}

const urls = ({ host }: Rig): string[] => host.asked.map(({ url }) => url);
const worth = ({ facts }: Rig): string[] => worthAsking(facts()).map(({ profile }) => profile.id);

describe("who is asked in the background", () => {
  test("accounts among which there is a choice, at an address that the vendor documents", async () => {
    expect(worth(await open({ ...TWO, "deepseek:a": keyOf("deepseek"), "anthropic:a": loginOf("anthropic", NOW + HOUR) }))).toEqual([
      "openrouter:a",
      "openrouter:b",
    ]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, object]>([
    ["an account that is alone", { "openrouter:a": TWO["openrouter:a"] }, {}],
    ["accounts that somebody put in order", TWO, { auth: { order: { openrouter: ["openrouter:a", "openrouter:b"] } } }],
    ["where no address tells of windows", { "deepseek:a": keyOf("deepseek", "canary-a-000001"), "deepseek:b": keyOf("deepseek", "canary-b-000001") }, {}],
    [
      "where the vendor documents no address",
      { "anthropic:a": loginOf("anthropic", NOW + HOUR), "anthropic:b": loginOf("anthropic", NOW + HOUR, "other") },
      {},
    ],
    ["where it is switched off", TWO, { signalbox: { usage: { background: false } } }],
  ])("not %s", async (_, store, config) => {
    const rig = await open(store, config);
    await rig.tick();
    expect([worth(rig), urls(rig)]).toEqual([[], []]);
  });
});

describe("asking in the background", () => {
  test("begins after a while, is done each five minutes, and what was told is known", async () => {
    const rig = await open(TWO);
    expect([urls(rig), rig.known.latest().size]).toEqual([[], 0]);
    await rig.tick();
    expect(urls(rig)).toHaveLength(2);
    expect([...rig.known.latest()]).toEqual([
      ["openrouter:a", [{ leftPercent: expect.closeTo(74.5), resetsAtMs: Date.UTC(2026, 11, 1), windowMs: 30 * 24 * HOUR }]],
      ["openrouter:b", [{ leftPercent: expect.closeTo(74.5), resetsAtMs: Date.UTC(2026, 11, 1), windowMs: 30 * 24 * HOUR }]],
    ]);
    for (let turn = 1; turn < ASK_EVERY_MS / LOOK_EVERY_MS; turn++) await rig.tick();
    expect(urls(rig)).toHaveLength(2);
    await rig.tick();
    expect([urls(rig).length, rig.told]).toEqual([4, []]);
  });

  test("ends when it is told to, also in the middle", async () => {
    const rig = await open(TWO);
    rig.stop();
    await rig.tick();
    expect(urls(rig)).toEqual([]);
    const hanging = await open(TWO, {}, (_, signal) => new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
    await hanging.tick();
    hanging.stop();
    await hanging.tick();
    expect([urls(hanging).length, hanging.told]).toEqual([2, []]);
    expect(readUsageCache(hanging.host, STATE).size).toBe(0);
  });

  test("a fault of ours is told, and it goes on", async () => {
    const rig = await open(TWO);
    Object.defineProperty(rig.host, "prepareHttp", { value: () => Promise.reject(new TypeError("broken")) });
    await rig.tick();
    expect(rig.told).toEqual([expect.stringContaining("what is left of the accounts could not be asked: ")]);
    Object.defineProperty(rig.host, "prepareHttp", { value: () => Promise.resolve() });
    for (let turn = 0; turn < ASK_EVERY_MS / LOOK_EVERY_MS; turn++) await rig.tick();
    expect(urls(rig)).toHaveLength(2);
  });
});
