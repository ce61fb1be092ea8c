import { describe, expect, test } from "vitest";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { pinnedRotation, rotationOf } from "../../src/credentials/order.ts";
import { passedOverText } from "../../src/credentials/passed-over.ts";
import { toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import { HOUR, keyOf, loginOf, NOW, openFacts, storeOf, tokenOf } from "./open-facts.ts";
import { entryOf } from "./refresh/rig.ts";

interface Written {
  readonly profiles?: Readonly<Record<string, unknown>>;
  readonly order?: Readonly<Record<string, readonly string[]>>;
  readonly usageStats?: unknown;
  readonly auth?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

/** Whom one provider's rotation asks, and whom it passes over, with the words for it. */
function rotation(provider: string, { profiles = {}, order, usageStats, auth, env }: Written): { by: string; asked: string[]; passed: string[] } {
  const { config, registry, credentials } = openFacts({
    ...(auth !== undefined && { config: { auth } }),
    store: storeOf(profiles, { ...(order !== undefined && { order }), ...(usageStats !== undefined && { usageStats }) }),
    ...(env !== undefined && { env }),
  });
  const { decidedBy, candidates, passedOver } = rotationOf(toProviderId(provider), credentials, configuredAuth(config, registry), NOW);
  return { by: decidedBy, asked: candidates.map(({ id }) => id), passed: passedOver.map((one) => `${one.profileId} ${passedOverText(one, NOW)}`) };
}

const three = { "openai:k": keyOf("openai"), "openai:t": tokenOf("openai"), "openai:l": loginOf("openai", NOW + HOUR) };

describe("without an order", () => {
  test("logins come first, then tokens, then keys", () => {
    expect(rotation("openai", { profiles: three })).toEqual({ by: "stored-profiles", asked: ["openai:l", "openai:t", "openai:k"], passed: [] });
  });

  test("within a kind the one that was used longest ago comes first", () => {
    const profiles = { "openai:a": keyOf("openai"), "openai:b": keyOf("openai"), "openai:c": keyOf("openai") };
    const usageStats = { "openai:a": { lastUsed: 3 }, "openai:b": { lastUsed: 1 }, "openai:c": { lastUsed: 2 } };
    expect(rotation("openai", { profiles, usageStats }).asked).toEqual(["openai:b", "openai:c", "openai:a"]);
  });

  test("profiles of other providers do not appear", () => {
    expect(rotation("openai", { profiles: { "groq:x": keyOf("groq") } })).toEqual({ by: "stored-profiles", asked: [], passed: [] });
  });

  test("the environment comes after everything that is stored, and the keys in entries after that", () => {
    expect(rotation("openai", { profiles: three, env: { OPENAI_API_KEY: "sk" } }).asked).toEqual(["openai:l", "openai:t", "openai:k", "env:OPENAI_API_KEY"]);
  });
});

describe("the same secret again", () => {
  const store = { "openai:k": keyOf("openai", "sk-same") };

  test("in a variable is not asked twice", () => {
    expect(rotation("openai", { profiles: store, env: { OPENAI_API_KEY: "sk-same" } })).toEqual({
      by: "stored-profiles",
      asked: ["openai:k"],
      passed: ["env:OPENAI_API_KEY is the same secret as openai:k"],
    });
  });

  test("is not asked while the stored one rests", () => {
    const usageStats = { "openai:k": { cooldownUntil: NOW + HOUR } };
    expect(rotation("openai", { profiles: store, usageStats, env: { OPENAI_API_KEY: "sk-same" } })).toMatchObject({
      asked: [],
      passed: ["openai:k rests for 1h", "env:OPENAI_API_KEY is the same secret as openai:k"],
    });
  });

  test("is asked from the variable where the stored one is left out", () => {
    const auth = { order: { openai: [] } };
    expect(rotation("openai", { profiles: store, auth, env: { OPENAI_API_KEY: "sk-same" } }).asked).toEqual(["env:OPENAI_API_KEY"]);
  });
});

describe("an explicit order", () => {
  test("of the store counts before the config's, and keeps its own sequence", () => {
    const order = { openai: ["openai:k", "openai:l"] };
    expect(rotation("openai", { profiles: three, order, auth: { order: { openai: ["openai:t"] } } })).toEqual({
      by: "store-order",
      asked: ["openai:k", "openai:l"],
      passed: ["openai:t is not in the order"],
    });
  });

  test("of the config counts where the store has none, under any spelling of the provider", () => {
    expect(rotation("zai", { profiles: { "zai:a": keyOf("zai"), "zai:b": keyOf("zai") }, auth: { order: { "Z.AI": ["zai:b"] } } })).toEqual({
      by: "config-order",
      asked: ["zai:b"],
      passed: ["zai:a is not in the order"],
    });
  });

  test("may name a variable's profile, which then has that place", () => {
    expect(rotation("openai", { profiles: three, order: { openai: ["env:OPENAI_API_KEY", "openai:k"] }, env: { OPENAI_API_KEY: "sk" } }).asked).toEqual([
      "env:OPENAI_API_KEY",
      "openai:k",
    ]);
  });

  test("does not keep the environment out", () => {
    expect(rotation("openai", { profiles: three, order: { openai: ["openai:k"] }, env: { OPENAI_API_KEY: "sk" } }).asked).toEqual([
      "openai:k",
      "env:OPENAI_API_KEY",
    ]);
  });

  test("of the config that is empty keeps all stored profiles out", () => {
    expect(rotation("openai", { profiles: { "openai:k": keyOf("openai") }, auth: { order: { openai: [] } } })).toEqual({
      by: "config-order",
      asked: [],
      passed: ["openai:k is not in the order"],
    });
  });

  test("passes over who is not stored, and who is another provider's", () => {
    const profiles = { "openai:k": keyOf("openai"), "groq:x": keyOf("groq") };
    expect(rotation("openai", { profiles, order: { openai: ["openai:gone", "groq:x", "openai:k"] } })).toMatchObject({
      asked: ["openai:k"],
      passed: ["openai:gone is listed, but no such profile is stored", "groq:x belongs to groq"],
    });
  });
});

describe("profiles that the config names", () => {
  test("hide those that only the store knows", () => {
    const auth = { profiles: { "openai:k": { provider: "openai", mode: "api_key" } } };
    expect(rotation("openai", { profiles: three, auth })).toEqual({
      by: "config-profiles",
      asked: ["openai:k"],
      passed: ["openai:t is not in the config's auth.profiles", "openai:l is not in the config's auth.profiles"],
    });
  });

  test("hide nobody where there is an order", () => {
    const auth = { profiles: { "openai:k": { provider: "openai", mode: "api_key" } } };
    expect(rotation("openai", { profiles: three, auth, order: { openai: ["openai:t", "openai:k"] } }).asked).toEqual(["openai:t", "openai:k"]);
  });

  test("must agree with the store on provider and kind; a token may be called a login", () => {
    const profiles = { "a:1": keyOf("openai"), "a:2": tokenOf("openai"), "a:3": keyOf("openai") };
    const auth = {
      profiles: { "a:1": { provider: "openai", mode: "token" }, "a:2": { provider: "openai", mode: "oauth" }, "a:3": { provider: "groq", mode: "api_key" } },
      order: { openai: ["a:1", "a:2", "a:3"] },
    };
    expect(rotation("openai", { profiles, auth })).toMatchObject({
      asked: ["a:2"],
      passed: ["a:1 is openai/api_key in the store, but openai/token in the config", "a:3 is openai/api_key in the store, but groq/api_key in the config"],
    });
  });
});

describe("profiles that cannot answer now are passed over", () => {
  test("pairs of AWS keys, which nobody takes in a header", () => {
    const pair = JSON.stringify({ AccessKeyId: "AKIA", SecretAccessKey: "s/k" });
    const profiles = { "amazon-bedrock:keys": { type: "token", provider: "amazon-bedrock", token: pair }, "amazon-bedrock:api": keyOf("amazon-bedrock") };
    expect(rotation("amazon-bedrock", { profiles })).toEqual({
      by: "stored-profiles",
      asked: ["amazon-bedrock:api"],
      passed: ["amazon-bedrock:keys is a pair of AWS keys, and requests from here take a Bedrock API key"],
    });
    expect(rotation("zai", { profiles: { "zai:t": { type: "token", provider: "zai", token: pair } } }).asked).toEqual(["zai:t"]);
  });

  test("blank ones and spent ones, with when that was", () => {
    const profiles = {
      "o:blank": keyOf("openai", " "),
      "o:token": tokenOf("openai", NOW - 3 * HOUR),
      "o:login": loginOf("openai", NOW - 49 * HOUR, ""),
      "o:endless": { type: "oauth", provider: "openai", access: "a" },
      "o:theirs": loginOf("openai", NOW - 2 * HOUR),
      "o:ours": entryOf({}, { provider: "openai" }),
    };
    expect(rotation("openai", { profiles })).toEqual({
      by: "stored-profiles",
      asked: ["o:ours"],
      passed: [
        "o:blank holds no secret",
        "o:token expired 3h ago",
        "o:login expired 2d ago",
        "o:endless has no expiry and cannot renew itself",
        "o:theirs expired 2h ago",
      ],
    });
  });

  test("those that rest, the soonest to return first, before the others", () => {
    const usageStats = {
      "openai:k": { disabledUntil: NOW + 5 * HOUR, disabledReason: "billing" },
      "openai:t": { cooldownUntil: NOW + 4 * 60_000, failureCounts: { rate_limit: 1 } },
      "openai:l": { cooldownUntil: NOW - 1 },
    };
    expect(rotation("openai", { profiles: { ...three, "openai:x": keyOf("openai", "") }, usageStats })).toMatchObject({
      asked: ["openai:l"],
      passed: ["openai:t rests for 4m (rate_limit)", "openai:k is disabled for 5h (billing)", "openai:x holds no secret"],
    });
  });
});

describe("a reference that names one account", () => {
  const profiles = {
    "openai:a": keyOf("openai", "sk-a"),
    "openai:out": keyOf("openai", "sk-b"),
    "openai:out-and-spent": tokenOf("openai", NOW - HOUR),
    "openai:rests": keyOf("openai", "sk-c"),
    "groq:x": keyOf("groq"),
  };
  const { config, registry, credentials } = openFacts({
    store: storeOf(profiles, { order: { openai: ["openai:a", "openai:rests"] }, usageStats: { "openai:rests": { cooldownUntil: NOW + HOUR } } }),
  });
  const all = rotationOf(toProviderId("openai"), credentials, configuredAuth(config, registry), NOW);

  test.each([
    ["openai:a", ["openai:a"], []],
    ["openai:out", ["openai:out"], []],
    ["openai:out-and-spent", [], ["expired"]],
    ["openai:rests", [], ["cooling"]],
    ["groq:x", [], ["other-provider"]],
    ["openai:gone", [], ["unknown"]],
  ])("has %s asked or passed over, and nobody else", (pinned, asked, reasons) => {
    const { candidates, passedOver } = pinnedRotation(all, toProfileId(pinned), credentials, NOW);
    expect([candidates.map(({ id }) => id), passedOver.map(({ reason }) => reason)]).toEqual([asked, reasons]);
  });
});
