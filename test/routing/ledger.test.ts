import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { openState } from "../../src/state/open-state.ts";
import { keyOf, loginOf, NOW, storeOf } from "../credentials/open-facts.ts";
import { fakeHost } from "../support/fake-host.ts";
import { openRig, type Rig, type RigInput, STATE_DIR } from "./routing-rig.ts";

const MINUTE = 60_000;
const input: RigInput = {
  config: { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["openai/mini", "groq/llama"] } } } },
  store: storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq") }),
};
const rows = async (rig: Rig): Promise<string[]> => [...(await rig.routing.ledger.rows()).keys()];

describe("what is written down", () => {
  test("against the scope of each failure", async () => {
    const keys = async (reason: string): Promise<string[]> => {
      const rig = openRig(input);
      await rig.request((candidate) => (candidate.model.ref.model === "gpt-5" ? { reason: reason as "auth" } : "answers"));
      return rows(rig);
    };
    expect(await keys("auth")).toEqual(["profile openai:a"]);
    expect(await keys("billing")).toEqual(["profile openai:a"]);
    expect(await keys("permission")).toEqual(["profile+model openai:a\topenai/gpt-5"]);
    expect(await keys("rate_limit")).toEqual(["profile+model-family openai:a\topenai/gpt-5"]);
    expect(await keys("usage_limit")).toEqual(["profile+model-family openai:a\topenai/gpt-5"]);
    expect(await keys("model_not_found")).toEqual(["provider+model openai/gpt-5"]);
    expect(await keys("overloaded")).toEqual(["endpoint+model https://openai.example\topenai/gpt-5"]);
    expect(await keys("network")).toEqual(["endpoint https://openai.example"]);
    expect(await keys("format")).toEqual([]);
  });

  test("is there for every other process once it was flushed, but for overloads", async () => {
    const one = openRig(input);
    await one.request({ openai: "auth" });
    const other = openRig({ ...input, beside: one });
    expect(await rows(other)).toEqual([]);
    await one.routing.ledger.flush();
    await one.pass(300);
    expect(await rows(other)).toEqual(["profile openai:a"]);
    await one.request({ groq: "overloaded", openai: "auth" });
    await one.routing.ledger.flush();
    expect([...(await openState(one.host, STATE_DIR).rests()).keys()]).toEqual(["profile openai:a"]);
  });

  test("goes with the first answer, in the file too", async () => {
    const rig = openRig(input);
    await rig.request({ openai: { reason: "rate_limit", retryAfterMs: 1000 } });
    await rig.routing.ledger.flush();
    await rig.pass(1200);
    await rig.request({});
    await rig.routing.ledger.flush();
    expect((await openState(rig.host, STATE_DIR).rests()).get("profile+model-family openai:a\topenai/gpt-5")).toBeUndefined();
  });

  test("is not read anew for each request", async () => {
    const rig = openRig(input);
    let looks = 0;
    const store = { ...rig.store, rests: async () => (looks++, new Map()) };
    const { openLedger } = await import("../../src/routing/ledger.ts");
    const ledger = openLedger({ host: rig.host, store, limits: rig.facts.limits, markOf: () => undefined });
    for (let i = 0; i < 5; i++) await ledger.rows();
    await rig.pass(300);
    await ledger.rows();
    expect(looks).toBe(2);
  });
});

describe("an answer", () => {
  test("that began before a rest did does not end it", async () => {
    const rig = openRig(input);
    const [candidate] = (await rig.routing.plan(rig.route(), rig.facts)).candidates;
    if (candidate === undefined) return;
    const startedMs = rig.host.nowMs();
    await rig.pass(1000);
    rig.routing.ledger.failed(candidate, { reason: "rate_limit", retryAfterMs: MINUTE, rule: "test" }, startedMs);
    rig.routing.ledger.succeeded(candidate, startedMs);
    expect(await rows(rig)).toHaveLength(1);
    await rig.pass(1000);
    rig.routing.ledger.succeeded(candidate, rig.host.nowMs());
    expect(await rows(rig)).toHaveLength(0);
  });

  test("of another account at the same address ends what was counted against the address", async () => {
    const rig = openRig(input);
    await rig.request({ openai: { reason: "network", detail: "reset" } });
    expect(await rows(rig)).toContain("endpoint https://openai.example");
    await rig.request({ openai: "rate_limit" }, { word: "openai/mini", needs: { strict: true } });
    expect(await rows(rig)).toEqual(["profile+model-family openai:a\topenai/mini"]);
  });

  test("that refuses a limit shows that the credential is accepted", async () => {
    const rig = openRig(input);
    await rig.request({ openai: "auth" });
    await rig.pass(16 * MINUTE);
    await rig.request({ openai: "rate_limit" });
    expect(await rows(rig)).toEqual(["profile+model-family openai:a\topenai/gpt-5", "profile+model-family openai:a\topenai/mini"]);
  });
});

describe("another credential under the same name", () => {
  const keysAfter = async (reason: "auth" | "billing" | "rate_limit", before: unknown, after: unknown): Promise<number> => {
    const rig = openRig({ ...input, store: storeOf({ "openai:a": before }) });
    await rig.request({ openai: reason });
    await rig.routing.ledger.flush();
    const changed = openRig({ ...input, store: storeOf({ "openai:a": after }), beside: rig });
    return (await changed.routing.plan(changed.route("openai/gpt-5@openai:a"), changed.facts)).candidates.length;
  };

  test("ends every rest of a key, and of a login what was about the login", async () => {
    const [old, young] = [keyOf("openai", "sk-old-secret-text"), keyOf("openai", "sk-new-secret-text")];
    expect(await Promise.all([keysAfter("auth", old, young), keysAfter("billing", old, young), keysAfter("rate_limit", old, young)])).toEqual([1, 1, 1]);
    expect(await Promise.all([keysAfter("auth", old, old), keysAfter("billing", old, old), keysAfter("rate_limit", old, old)])).toEqual([0, 0, 0]);
    const login = (access: string): unknown => ({ ...(loginOf("openai", NOW + 60 * MINUTE) as object), access });
    expect(
      await Promise.all([keysAfter("auth", login("one-secret"), login("two-secret")), keysAfter("rate_limit", login("one-secret"), login("two-secret"))]),
    ).toEqual([1, 0]);
  });
});

describe("the breaker of an address", () => {
  const isOpen = async (rig: Rig): Promise<boolean> => (await rig.routing.plan(rig.route(), rig.facts)).resting.length > 0;
  const fail = (rig: Rig, openai: "network" | "timeout") => rig.request({ openai, groq: "answers" });

  test("opens after five failures in a row, or two silences; an answer in between begins anew", async () => {
    const rig = openRig({ ...input, config: { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } } } });
    for (let i = 0; i < 4; i++) await fail(rig, "network");
    expect(await isOpen(rig)).toBe(false);
    await rig.request({});
    for (let i = 0; i < 4; i++) await fail(rig, "network");
    expect(await isOpen(rig)).toBe(false);
    await fail(rig, "network");
    expect(await isOpen(rig)).toBe(true);
    const silent = openRig({ ...input, config: { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } } } });
    await fail(silent, "timeout");
    expect(await isOpen(silent)).toBe(false);
    await fail(silent, "timeout");
    expect(await isOpen(silent)).toBe(true);
  });

  test("opens when more than half of ten or more requests of half a minute failed", async () => {
    const rig = openRig({ ...input, config: { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } } } });
    for (let i = 0; i < 4; i++) await rig.request({});
    for (let i = 0; i < 8; i++) {
      if (i % 3 === 2) await rig.request({});
      else await fail(rig, "network");
    }
    expect(await isOpen(rig)).toBe(false);
    for (let i = 0; i < 3; i++) await fail(rig, "network");
    await rig.request({});
    for (let i = 0; i < 4 && !(await isOpen(rig)); i++) await fail(rig, "network");
    expect(await isOpen(rig)).toBe(true);
  });
});

describe("a stream that has begun", () => {
  const cut = { reason: "network", detail: "cut", rule: "test" } as const;
  const open = async () => {
    const rig = openRig({ ...input, config: { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } } } });
    const [candidate] = (await rig.routing.plan(rig.route(), rig.facts)).candidates;
    if (candidate === undefined) throw new Error("nobody to ask");
    const { ledger } = rig.routing;
    const breaks = (): void => {
      ledger.begun(candidate, rig.host.nowMs());
      ledger.brokeOff(candidate, cut, rig.host.nowMs());
    };
    const isResting = async (): Promise<boolean> => (await rig.routing.plan(rig.route(), rig.facts)).resting.length > 0;
    return { rig, candidate, ledger, breaks, isResting };
  };

  test("and breaks off five times in a row puts its address to rest; a whole one begins anew", async () => {
    const { rig, candidate, ledger, breaks, isResting } = await open();
    for (let i = 0; i < 4; i++) breaks();
    ledger.begun(candidate, rig.host.nowMs());
    ledger.completed(candidate, rig.host.nowMs());
    for (let i = 0; i < 4; i++) breaks();
    expect(await isResting()).toBe(false);
    breaks();
    expect(await isResting()).toBe(true);
  });

  test("and breaks off more often than not does so too, however many are whole", async () => {
    const { rig, candidate, ledger, breaks, isResting } = await open();
    let count = 0;
    for (; count < 20 && !(await isResting()); count++) {
      breaks();
      if (count % 3 !== 0 || (await isResting())) continue;
      ledger.begun(candidate, rig.host.nowMs());
      ledger.completed(candidate, rig.host.nowMs());
    }
    // Eleven requests, eight of which broke off, and never more than three in a row.
    expect(count).toBe(8);
  });

  test("ends a rest at once", async () => {
    const { rig, candidate, ledger, breaks, isResting } = await open();
    for (let i = 0; i < 5; i++) breaks();
    await rig.pass(1);
    ledger.begun(candidate, rig.host.nowMs());
    expect(await isResting()).toBe(false);
  });
});

describe("a disk that fails", () => {
  test("fails no request, and the rests of this process hold all the same", async () => {
    const rig = openRig({ ...input, writeFailure: new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." }) });
    expect(await rig.request({ openai: "auth" })).toMatchObject({ kind: "opened" });
    await rig.routing.ledger.flush();
    await rig.pass(300);
    rig.asked.length = 0;
    await rig.request({});
    expect([rig.asked, rig.store.lastFault]).toEqual([["groq/llama groq:c"], "the disk is full"]);
  });

  test("keeps nobody from trying what has rested", async () => {
    const rig = openRig({ ...input, writeFailure: new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." }) });
    await rig.request({ openai: { reason: "rate_limit", retryAfterMs: 1000 } });
    await rig.pass(1200);
    rig.asked.length = 0;
    await rig.request({});
    expect(rig.asked).toEqual(["openai/gpt-5 openai:a"]);
  });
});

test("what others change all the while is written a moment later", async () => {
  let isBusy = true;
  const host = fakeHost();
  const busy = {
    ...host,
    changeFiles: async (...args: Parameters<typeof host.changeFiles>) => {
      if (isBusy) throw new AppError("LOCK_HELD", "somebody is writing", { hint: "Wait." });
      return host.changeFiles(...args);
    },
  };
  const rig = openRig(input);
  const store = openState(busy, STATE_DIR);
  const { openLedger } = await import("../../src/routing/ledger.ts");
  const ledger = openLedger({ host: { ...host, wait: () => new Promise(() => undefined) }, store, limits: rig.facts.limits, markOf: () => undefined });
  const [candidate] = (await rig.routing.plan(rig.route(), rig.facts)).candidates;
  if (candidate === undefined) return;
  ledger.failed(candidate, { reason: "auth", rule: "test" }, host.nowMs());
  await ledger.flush();
  expect(host.written.size).toBe(0);
  isBusy = false;
  await ledger.flush();
  expect([...(await openState(host, STATE_DIR).rests()).keys()]).toEqual(["profile openai:a"]);
});
