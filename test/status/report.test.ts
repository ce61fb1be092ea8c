import { describe, expect, test } from "vitest";
import type { StatusReport } from "../../src/status/report.ts";
import { CONFIG, DAY, HOME, HOUR, keyOf, loginOf, NOW, STORE, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { statusOf } from "./status-of.ts";

const chosen = (primary: string, more: object = {}): unknown => ({ agents: { defaults: { model: { primary }, ...more } } });
const codes = (report: StatusReport): string[] => report.problems.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);

describe("the keys that installations' tools read", () => {
  const report = statusOf({
    config: {
      agents: {
        defaults: {
          model: { primary: "fast", fallbacks: ["sonnet"] },
          imageModel: { primary: "openai/gpt-image" },
          models: { "groq/llama": { alias: "fast" }, "anthropic/claude-sonnet-4-5": {}, "ollama/qwen": {} },
        },
      },
    },
    store: storeOf(
      {
        "anthropic:me@example.com": { ...(loginOf("anthropic", NOW + HOUR) as object), email: "me@example.com" },
        "anthropic:manual": tokenOf("anthropic", NOW + 2 * HOUR),
        "openai:default": keyOf("openai", "sk-0123456789"),
      },
      { usageStats: { "openai:default": { disabledUntil: NOW + 5 * HOUR, disabledReason: "billing" } } },
    ),
    env: { GROQ_API_KEY: "groq-key", ANTHROPIC_OAUTH_TOKEN: "sk-ant-oat01-abc" },
  });

  test("about models", () => {
    const { configPath, agentId, agentDir, defaultModel, resolvedDefault, fallbacks, imageModel, imageFallbacks, modelConfig, aliases, allowed } = report;
    expect({ configPath, agentId, agentDir, defaultModel, resolvedDefault, fallbacks, imageModel, imageFallbacks, modelConfig, aliases, allowed }).toEqual({
      configPath: CONFIG,
      agentId: "main",
      agentDir: `${HOME}/.nemo/agents/main/agent`,
      defaultModel: "fast",
      resolvedDefault: "groq/llama",
      fallbacks: ["sonnet"],
      imageModel: "openai/gpt-image",
      imageFallbacks: [],
      modelConfig: { defaultSource: "defaults", fallbacksSource: "defaults" },
      aliases: { fast: "groq/llama", sonnet: "anthropic/claude-sonnet-4-5" },
      allowed: ["groq/llama", "anthropic/claude-sonnet-4-5", "ollama/qwen"],
    });
  });

  test("about each provider, with fingerprints where fragments of secrets were", () => {
    const { auth } = report;
    expect({ ...auth, providers: undefined, oauth: undefined }).toEqual({
      storePath: STORE,
      storeExists: true,
      shellEnvFallback: { enabled: false, appliedKeys: [] },
      providersWithOAuth: ["anthropic (3)"],
      missingProvidersInUse: [],
      unusableProfiles: [
        { profileId: "openai:default", provider: "openai", kind: "disabled", reason: "billing", until: NOW + 5 * HOUR, remainingMs: 5 * HOUR },
      ],
      providers: undefined,
      oauth: undefined,
    });
    expect(auth.providers).toEqual([
      {
        provider: "anthropic",
        effective: { kind: "profiles", detail: STORE },
        profiles: {
          count: 2,
          oauth: 1,
          token: 1,
          apiKey: 0,
          labels: ["anthropic:me@example.com=OAuth (me@example.com)", expect.stringMatching(/^anthropic:manual=token:…[0-9a-f]{6}$/)],
        },
        env: { value: expect.stringMatching(/^sk-ant-oat01-…[0-9a-f]{6}$/), source: "env: ANTHROPIC_OAUTH_TOKEN" },
        inUse: true,
      },
      {
        provider: "groq",
        effective: { kind: "env", detail: expect.stringMatching(/^…[0-9a-f]{6}$/) },
        profiles: { count: 0, oauth: 0, token: 0, apiKey: 0, labels: [] },
        env: { value: expect.stringMatching(/^…[0-9a-f]{6}$/), source: "env: GROQ_API_KEY" },
        inUse: true,
      },
      {
        provider: "ollama",
        effective: { kind: "not needed", detail: "A server of your own that asks for no key." },
        profiles: { count: 0, oauth: 0, token: 0, apiKey: 0, labels: [] },
        inUse: false,
      },
      {
        provider: "openai",
        effective: { kind: "profiles", detail: STORE },
        profiles: { count: 1, oauth: 0, token: 0, apiKey: 1, labels: [expect.stringMatching(/^openai:default=sk-…[0-9a-f]{6} \[disabled:billing 5h\]$/)] },
        inUse: true,
      },
    ]);
  });

  test("about the health of what is stored", () => {
    const { oauth } = report.auth;
    expect(oauth.warnAfterMs).toBe(DAY);
    expect(oauth.profiles).toEqual([
      {
        profileId: "anthropic:manual",
        provider: "anthropic",
        type: "token",
        status: "expiring",
        expiresAt: NOW + 2 * HOUR,
        remainingMs: 2 * HOUR,
        source: "store",
        label: "anthropic:manual",
      },
      {
        profileId: "anthropic:me@example.com",
        provider: "anthropic",
        type: "oauth",
        status: "ok",
        expiresAt: NOW + HOUR,
        remainingMs: HOUR,
        source: "store",
        label: "anthropic:me@example.com (me@example.com)",
      },
      { profileId: "openai:default", provider: "openai", type: "api_key", status: "static", source: "store", label: "openai:default" },
    ]);
    expect(oauth.providers.map(({ provider, status, expiresAt, profiles }) => [provider, status, expiresAt, profiles.length])).toEqual([
      ["anthropic", "expiring", NOW + HOUR, 2],
      ["groq", "static", undefined, 0],
      ["ollama", "not needed", undefined, 0],
      ["openai", "static", undefined, 1],
    ]);
  });

  test("and ours beside them", () => {
    expect(report.chain.map(({ role, alias, ref, readiness, detail }) => [role, alias, ref, readiness, detail])).toEqual([
      ["default", "fast", "groq/llama", "ready", "env:GROQ_API_KEY"],
      ["fallback", "sonnet", "anthropic/claude-sonnet-4-5", "ready", "anthropic:me@example.com"],
      ["image", null, "openai/gpt-image", "cooling", "openai:default is disabled for 5h (billing)"],
    ]);
    expect(report.accounts.map(({ profileId, position, health, inUse }) => [profileId, position, health, inUse])).toEqual([
      ["anthropic:me@example.com", 1, "ok", true],
      ["anthropic:manual", 2, "expiring", true],
      ["env:ANTHROPIC_OAUTH_TOKEN", null, "static", true],
      ["env:GROQ_API_KEY", 1, "static", true],
      ["openai:default", null, "static", true],
    ]);
    expect(report.cooldowns).toEqual([
      { profileId: "openai:default", provider: "openai", kind: "disabled", reason: "billing", until: NOW + 5 * HOUR, remainingMs: 5 * HOUR, origin: "legacy" },
    ]);
    expect(codes(report)).toEqual(["warning CREDENTIAL_COOLING openai", "warning CREDENTIAL_EXPIRING anthropic:manual"]);
    expect(report).toMatchObject({ schemaVersion: 1, usage: [], configExists: true });
  });
});

test("a machine where nothing was set up says what is missing, and what to set", () => {
  const report = statusOf();
  expect(report).toMatchObject({
    configExists: false,
    defaultModel: "anthropic/claude-opus-4-6",
    resolvedDefault: "anthropic/claude-opus-4-6",
    imageModel: null,
  });
  expect(report.auth).toMatchObject({ missingProvidersInUse: ["anthropic"], providers: [], storeExists: false });
  expect(report.problems).toEqual([
    {
      code: "CREDENTIAL_MISSING",
      severity: "error",
      subject: "anthropic",
      message: "anthropic has no credential; the default model needs one",
      hint: "Run `{cli} models auth add --provider anthropic`, or set ANTHROPIC_API_KEY (https://keys.example/anthropic).",
      file: null,
      line: null,
      column: null,
    },
  ]);
});

describe("providers examined", () => {
  test("are those of profiles, entries, the chain, settings and variables, by what aliases stand for", () => {
    const config = {
      models: { providers: { lab: { baseUrl: "https://lab.example/v1", models: [] } } },
      ...(chosen("fast", { models: { "groq/llama": { alias: "fast" }, "z.ai/glm": {} } }) as object),
    };
    const { auth } = statusOf({ config, store: storeOf({ "x:1": keyOf("somebody-else") }), env: { OPENAI_API_KEY: "k" } });
    expect(auth.oauth.providers.map(({ provider }) => provider)).toEqual(["groq", "lab", "openai", "somebody-else", "zai"]);
    expect(auth.missingProvidersInUse).toEqual(["groq"]);
  });
});

describe("never missing", () => {
  test.each([
    ["ollama/qwen", "not needed"],
    ["amazon-bedrock/claude", "delegated"],
    ["google-vertex/gemini", "delegated"],
    ["azure/gpt", "delegated"],
    ["claude-cli/opus", "delegated"],
  ])("%s is %s", (ref, kind) => {
    const report = statusOf({ config: chosen(ref) });
    expect(report.auth.missingProvidersInUse).toEqual([]);
    expect(report.auth.providers.map(({ effective }) => effective.kind)).toEqual([kind]);
    expect(report.chain[0]?.readiness).toBe(kind);
  });

  test("but a login of which there is no sign is warned of", () => {
    expect(codes(statusOf({ config: chosen("amazon-bedrock/claude") }))).toEqual(["warning CREDENTIAL_MISSING amazon-bedrock"]);
    expect(codes(statusOf({ config: chosen("amazon-bedrock/claude"), env: { AWS_PROFILE: "work" } }))).toEqual([]);
  });
});

describe("a profile that may not be used", () => {
  const used = chosen("openai/gpt");

  test("because it is blank leaves its provider without a credential", () => {
    const report = statusOf({ config: used, store: storeOf({ "openai:k": keyOf("openai", "") }) });
    expect(report.auth.missingProvidersInUse).toEqual(["openai"]);
    expect(report.problems[0]).toMatchObject({
      code: "CREDENTIAL_MISSING",
      message: "openai has no credential that may be used: openai:k holds no secret; the default model needs one",
    });
  });

  test("because the config says something else is named with both", () => {
    const config = { ...(used as object), auth: { profiles: { "openai:k": { provider: "openai", mode: "token" } } } };
    const report = statusOf({ config, store: storeOf({ "openai:k": keyOf("openai") }) });
    expect(codes(report)).toEqual(["error CREDENTIAL_MISSING openai", "warning CREDENTIAL_MISMATCH openai:k"]);
    expect(report.problems[1]?.message).toBe("openai:k is openai/api_key in the store, but openai/token in the config: it is not used");
  });

  test("because it is spent is an error when its provider is in use, and a note when not", () => {
    const store = storeOf({ "openai:t": tokenOf("openai", NOW - DAY) });
    expect(codes(statusOf({ config: used, store }))).toEqual(["error CREDENTIAL_EXPIRED openai:t"]);
    expect(codes(statusOf({ config: chosen("ollama/qwen"), store }))).toEqual(["note CREDENTIAL_EXPIRED openai:t"]);
    expect(statusOf({ config: used, store }).chain[0]).toMatchObject({ readiness: "expired", detail: "openai:t expired 24h ago" });
  });
});

describe("a chain", () => {
  test("whose reference leads nowhere goes on, and keeps the word as it was written", () => {
    const report = statusOf({ config: chosen("opnai/gpt", { models: {} }), env: { OPENAI_API_KEY: "k" } });
    expect(report).toMatchObject({ defaultModel: "opnai/gpt", resolvedDefault: "opnai/gpt" });
    expect(report.chain).toMatchObject([{ readiness: "broken", ref: null, provider: "opnai" }]);
    expect(report.auth.missingProvidersInUse).toEqual(["opnai"]);
    expect(codes(report)).toEqual(["error REF_BROKEN agents.defaults.model.primary"]);
  });

  test("that an allowlist cuts short says so", () => {
    const defaults = { model: { primary: "openai/gpt", fallbacks: ["groq/llama", "openai/gpt-mini"] }, modelPolicy: { allow: ["openai/*"] } };
    const report = statusOf({ config: { agents: { defaults } }, env: { OPENAI_API_KEY: "k", GROQ_API_KEY: "k" } });
    expect(report.chain.map(({ raw, readiness }) => [raw, readiness])).toEqual([
      ["openai/gpt", "ready"],
      ["groq/llama", "not allowed"],
      ["openai/gpt-mini", "ready"],
    ]);
  });

  test("may pin a profile, which alone then counts", () => {
    const store = storeOf({ "openai:a": keyOf("openai"), "openai:b": keyOf("openai") }, { usageStats: { "openai:b": { cooldownUntil: NOW + HOUR } } });
    const readiness = (ref: string): unknown[] =>
      statusOf({ config: chosen(ref), store }).chain.map((row) => [row.ref, row.pinnedProfile, row.readiness, row.detail]);
    expect(readiness("openai/gpt@openai:a")).toEqual([["openai/gpt", "openai:a", "ready", "openai:a"]]);
    expect(readiness("openai/gpt@openai:b")).toEqual([["openai/gpt", "openai:b", "cooling", "openai:b rests for 1h"]]);
    expect(readiness("openai/gpt@openai:c")).toEqual([["openai/gpt", "openai:c", "missing", "no profile openai:c"]]);
  });
});

test("an agent that is asked for is the one that is reported", () => {
  const config = {
    agents: { defaults: { model: { primary: "openai/gpt" } }, list: [{ id: "main" }, { id: "work", model: { primary: "groq/llama", fallbacks: [] } }] },
  };
  const report = statusOf({ config, agent: "work", store: storeOf({ "groq:default": keyOf("groq") }) });
  expect(report).toMatchObject({
    agentId: "work",
    agentDir: `${HOME}/.nemo/agents/work/agent`,
    resolvedDefault: "groq/llama",
    modelConfig: { defaultSource: "agent", fallbacksSource: "agent" },
  });
  expect(report.auth.providers).toMatchObject([
    { provider: "groq", effective: { kind: "profiles", detail: `${HOME}/.nemo/agents/work/agent/auth-profiles.json` } },
  ]);
  expect(report.accounts).toMatchObject([{ profileId: "groq:default", inherited: true, file: STORE }]);
});

test("no secret is in a report, whatever was stored and where", () => {
  const canary = "canary-0123456789abcdef";
  const report = statusOf({
    config: { env: { vars: { GROQ_API_KEY: canary } }, ...(chosen("openai/gpt") as object) },
    store: storeOf({
      "a:1": keyOf("openai", canary),
      "a:2": tokenOf("openai"),
      "a:3": loginOf("anthropic", NOW),
      "a:4": { type: "api_key", provider: "openai", apiKey: canary },
    }),
    env: { OPENAI_API_KEY: canary, AWS_BEARER_TOKEN_BEDROCK: canary },
  });
  expect(JSON.stringify(report)).not.toMatch(/canary|0123456789|secret-text/);
});
