import { describe, expect, test } from "vitest";
import { toProfileId } from "../../src/kernel/ids.ts";
import type { Needs } from "../../src/routing/failover-plan.ts";
import { failoverPlan } from "../../src/routing/plan-failover.ts";
import { HOUR, keyOf, loginOf, NOW, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { entryOf } from "../credentials/refresh/rig.ts";
import { nameOf, openRig, type Rig, type RigInput } from "./routing-rig.ts";

const chain = (primary: string, ...fallbacks: string[]) => ({ agents: { defaults: { model: { primary, fallbacks } } } });
const planOf = async (rig: Rig, word = "default", needs: Needs & { readonly strict?: boolean } = {}) =>
  rig.routing.plan(rig.route(word, needs), rig.facts, needs);
const inOrder = async (input: RigInput, word?: string, needs?: Needs): Promise<string[]> => (await planOf(openRig(input), word, needs)).candidates.map(nameOf);
const passed = async (input: RigInput, word?: string, needs?: Needs): Promise<string[]> =>
  (await planOf(openRig(input), word, needs)).passedOver.map(({ model, profileId, reason }) => `${model} ${profileId ?? "-"} ${reason}`);

describe("who is asked", () => {
  test("each model with each of its accounts, in their order", async () => {
    const store = storeOf(
      { "openai:a": keyOf("openai", "sk-a-secret"), "openai:b": keyOf("openai", "sk-b-secret"), "groq:c": keyOf("groq") },
      { order: { openai: ["openai:b", "openai:a"] } },
    );
    expect(await inOrder({ config: chain("openai/gpt-5", "groq/llama", "openai/mini"), store })).toEqual([
      "openai/gpt-5 openai:b",
      "openai/gpt-5 openai:a",
      "groq/llama groq:c",
      "openai/mini openai:b",
      "openai/mini openai:a",
    ]);
  });

  test("a server that asks for no key is asked without one", async () => {
    expect(await inOrder({ config: chain("ollama/qwen") })).toEqual(["ollama/qwen"]);
  });

  test("a pinned account is asked although the order leaves it out, and nobody else", async () => {
    const store = storeOf({ "openai:a": keyOf("openai", "sk-a-secret"), "openai:b": keyOf("openai", "sk-b-secret") }, { order: { openai: ["openai:a"] } });
    expect(await inOrder({ config: chain("openai/gpt-5"), store }, "openai/gpt-5@openai:b")).toEqual(["openai/gpt-5 openai:b"]);
  });

  test.each([
    ["has expired", { "openai:b": tokenOf("openai", NOW - HOUR) }, "expired"],
    ["is blank", { "openai:b": keyOf("openai", "  ") }, "blank"],
    [
      "is for its vendor's own program",
      { "anthropic:b": { type: "token", provider: "anthropic", token: "sk-ant-oat01-canary-0123456789" } },
      "vendor_tool_only",
    ],
  ])("a pinned account outside the order that %s is not asked, and is told as that", async (_, profiles, reason) => {
    const [id = ""] = Object.keys(profiles);
    const provider = id.slice(0, id.indexOf(":"));
    const other = `${provider}:a`;
    const input = { config: chain("openai/gpt-5"), store: storeOf({ [other]: keyOf(provider), ...profiles }, { order: { [provider]: [other] } }) };
    expect(await inOrder(input, `${provider}/m@${id}`)).toEqual([]);
    expect(await passed(input, `${provider}/m@${id}`)).toEqual([`${provider}/m ${id} ${reason}`]);
  });

  test("a pinned account that is not stored, or is another provider's, is told as that", async () => {
    const input = { config: chain("openai/gpt-5"), store: storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq") }) };
    expect(await passed(input, "openai/gpt-5@openai:gone")).toEqual(["openai/gpt-5 openai:gone unknown"]);
    expect(await passed(input, "openai/gpt-5@groq:c")).toEqual(["openai/gpt-5 groq:c other_provider"]);
  });
});

describe("who is passed over, and why", () => {
  test.each<[string, RigInput, string[], Needs?]>([
    ["no account", { config: chain("groq/llama") }, ["groq/llama - no_credential"]],
    ["another program's login", { config: chain("google-vertex/gemini") }, ["google-vertex/gemini - delegated"]],
    [
      "an expired token",
      { config: chain("groq/llama"), store: storeOf({ "groq:t": tokenOf("groq", NOW - HOUR) }) },
      ["groq/llama - no_credential", "groq/llama groq:t expired"],
    ],
    [
      "a credential for its vendor's own program",
      { config: chain("anthropic/opus"), store: storeOf({ "anthropic:t": { type: "token", provider: "anthropic", token: "sk-ant-oat01-canary-0123456789" } }) },
      ["anthropic/opus - no_credential", "anthropic/opus anthropic:t vendor_tool_only"],
    ],
    [
      "another wire format",
      { config: chain("openai/gpt-5"), store: storeOf({ "openai:a": keyOf("openai") }) },
      ["openai/gpt-5 - other_dialect"],
      { protocol: "anthropic-messages" },
    ],
    [
      "an older agent's rest",
      {
        config: chain("openai/gpt-5"),
        store: storeOf({ "openai:a": keyOf("openai") }, { usageStats: { "openai:a": { cooldownUntil: NOW + HOUR, failureCounts: { rate_limit: 1 } } } }),
      },
      ["openai/gpt-5 openai:a cooling"],
    ],
  ])("%s", async (_, input, expected, needs) => {
    expect(await passed(input, "default", needs)).toEqual(expected);
  });

  test("a login that is renewed here is asked, however long ago its token expired; one of another program is not", async () => {
    const store = storeOf({ "openai:a": entryOf({}, { provider: "openai" }), "openai:theirs": loginOf("openai", NOW - HOUR) });
    expect(await inOrder({ config: chain("openai/gpt-5"), store })).toEqual(["openai/gpt-5 openai:a"]);
    expect(await passed({ config: chain("openai/gpt-5"), store })).toEqual(["openai/gpt-5 openai:theirs expired"]);
  });
});

describe("money", () => {
  const store = storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq"), "zai:l": loginOf("zai", NOW + HOUR) });
  const price = { usdPerMTok: { input: 1, output: 2 } };
  const specs = { "openai/gpt-5": price, "groq/llama": price, "groq/free": { usdPerMTok: { input: 0, output: 0 } }, "zai/glm": price };
  const config = {
    ...chain("openai/gpt-5", "groq/llama", "groq/unpriced", "groq/free", "zai/glm", "ollama/qwen"),
    signalbox: { routing: { neverPaid: true } },
  };

  test("neverPaid keeps fallbacks out that cost money, and what nobody states is not free; plans and servers of one's own are", async () => {
    expect(await inOrder({ config, store, specs })).toEqual(["openai/gpt-5 openai:a", "groq/free groq:c", "zai/glm zai:l", "ollama/qwen"]);
    expect(await passed({ config, store, specs })).toEqual(["groq/llama groq:c paid", "groq/unpriced groq:c paid"]);
  });

  test("neverPaid asks what was asked for by name", async () => {
    expect((await inOrder({ config, store, specs }, "groq/llama"))[0]).toBe("groq/llama groq:c");
  });

  test("a model that has spent its sum of today is passed over, also by its provider's sum", async () => {
    const capped = { ...chain("openai/gpt-5", "groq/llama", "groq/free"), signalbox: { routing: { dailyUsd: { "openai/gpt-5": 2, "groq/*": 1 } } } };
    const rig = openRig({ config: capped, store, specs });
    const reasons = async (spent: [string, number][]): Promise<string[]> => {
      const plan = await rig.routing.plan(rig.route(), { ...rig.facts, spentToday: new Map(spent) });
      return plan.passedOver.map(({ model, reason }) => `${model} ${reason}`);
    };
    expect(
      await reasons([
        ["openai/gpt-5", 1.99],
        ["groq/llama", 0.99],
      ]),
    ).toEqual([]);
    expect(await reasons([["openai/gpt-5", 2]])).toEqual(["openai/gpt-5 daily_cap"]);
    expect(
      await reasons([
        ["groq/llama", 0.6],
        ["groq/other", 0.4],
      ]),
    ).toEqual(["groq/llama daily_cap", "groq/free daily_cap"]);
  });

  test.each(["z.ai/*", "ZAI/*", "z.ai/glm"])("a sum that is written for %s counts as for any other name of the same", async (key) => {
    const rig = openRig({ config: { ...chain("zai/glm"), signalbox: { routing: { dailyUsd: { [key]: 1 } } } }, store, specs });
    const plan = await rig.routing.plan(rig.route(), { ...rig.facts, spentToday: new Map([["zai/glm", 1]]) });
    expect(plan.passedOver.map(({ model, reason }) => `${model} ${reason}`)).toEqual(["zai/glm daily_cap"]);
  });

  test("what was spent is read from the log of the day", async () => {
    const rig = openRig({ config: { ...chain("openai/gpt-5", "groq/llama"), signalbox: { routing: { dailyUsd: { "openai/gpt-5": 1 } } } }, store, specs });
    const event = {
      requestId: "r",
      client: "library",
      asked: "default",
      outcome: "answered",
      attempts: [],
      tookMs: 1,
      streamed: false,
      servedBy: "openai/gpt-5",
    } as const;
    await rig.store.append({ ...event, atMs: NOW - 24 * HOUR, costUsd: 5 });
    await rig.store.append({ ...event, atMs: NOW, costUsd: 0.6 });
    expect((await planOf(rig)).candidates.map(nameOf)).toEqual(["openai/gpt-5 openai:a", "groq/llama groq:c"]);
    await rig.store.append({ ...event, atMs: NOW, costUsd: 0.4 });
    await rig.pass(31_000);
    expect((await planOf(rig)).candidates.map(nameOf)).toEqual(["groq/llama groq:c"]);
  });
});

describe("an older agent's rest", () => {
  const input = {
    config: chain("openai/gpt-5"),
    store: storeOf({ "openai:a": keyOf("openai") }, { usageStats: { "openai:a": { disabledUntil: NOW + HOUR, disabledReason: "billing" } } }),
  };

  test("is tried when nobody else is left, and counts no longer once it has answered", async () => {
    const rig = openRig(input);
    expect((await planOf(rig)).resting.map(({ untilMs }) => untilMs)).toEqual([NOW + HOUR]);
    expect(await rig.request({}, { waits: "yes" })).toMatchObject({ kind: "opened" });
    expect((await planOf(rig)).candidates.map(nameOf)).toEqual(["openai/gpt-5 openai:a"]);
    await rig.routing.ledger.flush();
    expect((await planOf(openRig({ ...input, beside: rig }))).candidates.map(nameOf)).toEqual(["openai/gpt-5 openai:a"]);
  });
});

test("rests of another account, model, family or address are not one's own", async () => {
  const store = storeOf({ "openai:a": keyOf("openai", "sk-a-secret"), "openai:b": keyOf("openai", "sk-b-secret"), "groq:c": keyOf("groq") });
  const rig = openRig({ config: chain("openai/gpt-5-2025-08-07", "openai/gpt-5", "openai/mini", "groq/llama"), store });
  const route = rig.route();
  const restingWith = (key: string): string[] => {
    const row = { key, untilMs: NOW + HOUR, failures: 1, reason: "rate_limit", sinceMs: NOW, lastRestMs: HOUR };
    return failoverPlan(route, rig.facts, new Map([[key, row]]), NOW)
      .passedOver.filter(({ reason }) => reason === "cooling")
      .map(({ model, profileId }) => `${model} ${profileId}`);
  };
  expect(restingWith("profile openai:a")).toEqual(["openai/gpt-5-2025-08-07 openai:a", "openai/gpt-5 openai:a", "openai/mini openai:a"]);
  expect(restingWith("profile+model openai:a\topenai/gpt-5")).toEqual(["openai/gpt-5 openai:a"]);
  expect(restingWith("profile+model-family openai:a\topenai/gpt-5")).toEqual(["openai/gpt-5-2025-08-07 openai:a", "openai/gpt-5 openai:a"]);
  expect(restingWith("provider+model openai/mini")).toEqual(["openai/mini openai:a", "openai/mini openai:b"]);
  expect(restingWith("endpoint https://groq.example")).toEqual(["groq/llama groq:c"]);
  expect(restingWith("endpoint+model https://openai.example\topenai/mini")).toEqual(["openai/mini openai:a", "openai/mini openai:b"]);
});

describe("without an explicit order", () => {
  const store = storeOf({ "zai:a": loginOf("zai", NOW + HOUR), "zai:b": loginOf("zai", NOW + HOUR), "zai:key": keyOf("zai") });
  const week = 7 * 24 * HOUR;
  const order = async (windows: Record<string, [left: number, resetsInHours: number]>, last?: string): Promise<string[]> => {
    const rig = openRig({ config: chain("zai/glm"), store });
    const known = Object.entries(windows).map(
      ([id, [leftPercent, hours]]) => [toProfileId(id), [{ leftPercent, resetsAtMs: NOW + hours * HOUR, windowMs: week }]] as const,
    );
    const facts = { ...rig.facts, windows: new Map(known), ...(last !== undefined && { lastOf: () => last }) };
    const plan = failoverPlan(rig.route(), facts, new Map(), NOW, { conversation: "talk" });
    return plan.candidates.map(({ profile }) => profile?.id ?? "");
  };

  test("the account whose window begins anew soonest, and would go unused, is asked first", async () => {
    expect(await order({ "zai:a": [80, 100], "zai:b": [80, 5] })).toEqual(["zai:b", "zai:a", "zai:key"]);
    expect(await order({ "zai:a": [80, 100], "zai:b": [10, 90] })).toEqual(["zai:a", "zai:b", "zai:key"]);
  });

  test("a conversation stays with its account unless another is much more urgent", async () => {
    expect(await order({ "zai:a": [60, 100], "zai:b": [80, 100] }, "zai:a")).toEqual(["zai:a", "zai:b", "zai:key"]);
    expect(await order({ "zai:a": [60, 100], "zai:b": [80, 5] }, "zai:a")).toEqual(["zai:b", "zai:a", "zai:key"]);
  });

  test("an account at its reserve comes last of its kind, but before keys that cost money", async () => {
    expect(await order({ "zai:a": [5, 1], "zai:b": [50, 100] }, "zai:a")).toEqual(["zai:b", "zai:a", "zai:key"]);
  });

  test("a conversation is remembered", async () => {
    const rig = openRig({ config: chain("zai/glm"), store });
    await rig.request({ "zai:a": { reason: "rate_limit", retryAfterMs: 1000 } }, { needs: { conversation: "talk" } });
    await rig.pass(10_000);
    rig.asked.length = 0;
    await rig.request({}, { needs: { conversation: "talk" } });
    await rig.request({}, { needs: { conversation: "another" } });
    expect(rig.asked).toEqual(["zai/glm zai:b", "zai/glm zai:a"]);
  });
});
