import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuthProfile } from "../../src/credentials/profile.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import type { Problem } from "../../src/kernel/problem.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { HOME, HOUR, keyOf, loginOf, NOW, openFacts, STORE, storeOf, tokenOf } from "./open-facts.ts";

const AGENTS = { agents: { list: [{ id: "main" }, { id: "work" }] } };
const WORK = `${HOME}/.nemo/agents/work/agent`;

const idsOf = (profiles: readonly AuthProfile[]): string[] => profiles.map(({ id }) => id);
const named = (problems: readonly Problem[]): unknown[] =>
  problems.map(({ code, severity, subject, place }) => [code, severity, subject, place?.line, place?.column]);
const secretOf = ({ credential }: AuthProfile): string =>
  (credential.kind === "api_key" ? credential.key : credential.kind === "token" ? credential.token : credential.access).reveal();

describe("an auth store", () => {
  test("gives each of its profiles, of the providers that their ids name", () => {
    const { credentials } = openFacts({ store: storeOf({ "openai:default": keyOf("openai"), "z:1": keyOf("Z.AI"), "x:y": tokenOf("somebody-else", NOW) }) });
    expect(credentials.profiles.map(({ id, provider, origin }) => [id, provider, origin])).toEqual(
      [
        ["openai:default", "openai"],
        ["z:1", "zai"],
        ["x:y", "somebody-else"],
      ].map((row) => [...row, { kind: "store", file: STORE, inherited: false }]),
    );
    expect(credentials).toMatchObject({ storePath: STORE, storeExists: true, problems: [] });
  });

  test("that does not exist is no problem", () => {
    expect(openFacts().credentials).toMatchObject({ storePath: STORE, storeExists: false, profiles: [], problems: [] });
  });

  test("goes on after a broken entry, which is named with its line", () => {
    const { credentials } = openFacts({ store: storeOf({ "a:1": { type: "api_key", provider: "openai", apiKey: "sk-secret" }, "b:1": keyOf("groq") }) });
    expect(idsOf(credentials.profiles)).toEqual(["b:1"]);
    expect(named(credentials.problems)).toEqual([["STORE_ENTRY_BROKEN", "error", "a:1", 4, 5]]);
  });

  test.each<[string, string, unknown[]]>([
    ["is empty", " \n", ["STORE_SYNTAX", "error", STORE, 1, 1]],
    ["has a trailing comma", '{\n  "version": 1,\n  "profiles": {},\n}', ["STORE_SYNTAX", "error", STORE, 3, 17]],
    ["has no profiles", '\n  { "version": 1 }', ["STORE_SHAPE", "error", STORE, 2, 3]],
    ["is a list", "[]", ["STORE_SHAPE", "error", STORE, 1, 1]],
    ["is null", "null", ["STORE_SHAPE", "error", STORE, 1, 1]],
    ["has a list of profiles", '{\n  "profiles": []\n}', ["STORE_SHAPE", "error", STORE, 2, 3]],
    ["is JSON5", "{ profiles: {} }", ["STORE_SYNTAX", "error", STORE, 1, 3]],
    ["is too large", JSON.stringify(storeOf({ "a:1": keyOf("openai", "x".repeat(1024 * 1024)) })), ["STORE_UNREADABLE", "error", STORE, undefined, undefined]],
    ["is too deep", `{"profiles":${"[".repeat(70)}${"]".repeat(70)}}`, ["STORE_SYNTAX", "error", STORE, 1, 76]],
  ])("that %s is one problem with a place, and the environment still counts", (_, text, problem) => {
    const { credentials } = openFacts({ files: { [STORE]: text }, env: { GROQ_API_KEY: "gsk" } });
    expect(named(credentials.problems)).toEqual([problem]);
    expect(idsOf(credentials.profiles)).toEqual(["env:GROQ_API_KEY"]);
    expect(credentials.storeExists).toBe(true);
  });

  test.each([
    ["[]", "is JSON, but no object"],
    ["null", "is JSON, but no object"],
    ['{ "version": 1 }', 'is JSON, but has no "profiles"'],
    ['{ "profiles": [] }', 'has "profiles", but they are no object'],
  ])("that is %s says what is wrong, and what must be there", (text, wrong) => {
    const { credentials } = openFacts({ files: { [STORE]: text } });
    expect(credentials.problems.map(({ message }) => message)).toEqual([
      `the auth store ${wrong}: it must be an object in which "profiles" is an object of accounts`,
    ]);
  });

  test("that cannot be opened is a problem", () => {
    const { credentials } = openFacts({ files: { [STORE]: { unreadable: "EACCES" } } });
    expect(credentials.problems).toMatchObject([{ code: "STORE_UNREADABLE", message: "the auth store cannot be read (EACCES)" }]);
  });

  test("of a later version is read as far as it is known, with a warning", () => {
    const { credentials } = openFacts({ store: { version: 2, profiles: { "a:1": keyOf("openai") } } });
    expect(idsOf(credentials.profiles)).toEqual(["a:1"]);
    expect(named(credentials.problems)).toEqual([["STORE_SHAPE", "warning", STORE, undefined, undefined]]);
  });

  test("may hold keys that are dangerous to other programs", () => {
    const text = `{"version":1,"profiles":{"__proto__":${JSON.stringify(keyOf("openai"))},"constructor":${JSON.stringify(keyOf("groq"))}},"order":{"__proto__":["x"]}}`;
    const { credentials } = openFacts({ files: { [STORE]: text } });
    expect(idsOf(credentials.profiles)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
  });

  test("quotes no secret in what it says of a syntax error", () => {
    const { credentials } = openFacts({ files: { [STORE]: '{"profiles":{"a:1":{"type":"api_key","provider":"openai","key":"sk-very-secret" "x"' } });
    expect(JSON.stringify(credentials.problems)).not.toContain("sk-very-secret");
  });
});

describe("a secondary agent", () => {
  const own = storeOf({ "openai:default": keyOf("openai", "sk-own") }, { order: { openai: ["openai:default"] } });
  const main = storeOf(
    { "openai:default": keyOf("openai", "sk-main"), "groq:default": keyOf("groq") },
    { order: { openai: ["x"], groq: ["groq:default"] }, usageStats: { "groq:default": { cooldownUntil: NOW + HOUR } } },
  );

  test("sees the main agent's profiles through its own, which win", () => {
    const { credentials } = openFacts({ config: AGENTS, agent: "work", store: main, files: { [`${WORK}/auth-profiles.json`]: JSON.stringify(own) } });
    expect(credentials.profiles.map((profile) => [profile.id, secretOf(profile), profile.origin])).toEqual([
      ["openai:default", "sk-own", { kind: "store", file: `${WORK}/auth-profiles.json`, inherited: false }],
      ["groq:default", "sk-groq-secret-text", { kind: "store", file: STORE, inherited: true }],
    ]);
    expect([...credentials.storeOrder]).toEqual([
      ["openai", ["openai:default"]],
      ["groq", ["groq:default"]],
    ]);
    expect(credentials.cooldowns).toMatchObject([{ profileId: "groq:default" }]);
    expect(credentials.storePath).toBe(`${WORK}/auth-profiles.json`);
  });

  test("without a store of its own sees the main agent's, and nothing is written", () => {
    const { credentials, host } = openFacts({ config: AGENTS, agent: "work", store: main });
    expect(idsOf(credentials.profiles)).toEqual(["openai:default", "groq:default"]);
    expect(credentials.storeExists).toBe(false);
    expect([...host.written]).toEqual([]);
  });

  test("with a broken store of its own still sees the main agent's", () => {
    const { credentials } = openFacts({ config: AGENTS, agent: "work", store: main, files: { [`${WORK}/auth-profiles.json`]: "{" } });
    expect(idsOf(credentials.profiles)).toEqual(["openai:default", "groq:default"]);
    expect(credentials.problems.map(({ code }) => code)).toEqual(["STORE_SYNTAX"]);
  });
});

describe("files of earlier versions", () => {
  const dir = `${HOME}/.nemo/agents/main/agent`;
  const legacy = {
    [`${dir}/auth.json`]: JSON.stringify({
      anthropic: { type: "oauth", access: "a", refresh: "r", expires: NOW },
      openai: { type: "api_key", key: "k", provider: "openai" },
    }),
    [`${HOME}/.nemo/credentials/oauth.json`]: JSON.stringify({
      anthropic: { access: "older", refresh: "r", expires: 1 },
      "z.ai": { access: "z", refresh: "r", expires: NOW },
    }),
  };

  test("count where there is no auth-profiles.json, the agent's before the installation's, and a note says so", () => {
    const { credentials, host } = openFacts({ files: legacy });
    expect(credentials.profiles.map((profile) => [profile.id, profile.provider, secretOf(profile)])).toEqual([
      ["anthropic:default", "anthropic", "a"],
      ["openai:default", "openai", "k"],
      ["zai:default", "zai", "z"],
    ]);
    expect(credentials.problems.map(({ severity }) => severity)).toEqual(["note", "note"]);
    expect([...host.written]).toEqual([]);
  });

  test("count for nothing beside an auth-profiles.json, even an empty or broken one", () => {
    expect(openFacts({ files: legacy, store: storeOf({}) }).credentials.profiles).toEqual([]);
    expect(openFacts({ files: { ...legacy, [STORE]: "" } }).credentials.profiles).toEqual([]);
  });

  test("count for nothing in a secondary agent that can read through to the main one", () => {
    const { credentials } = openFacts({
      config: AGENTS,
      agent: "work",
      store: storeOf({ "groq:default": keyOf("groq") }),
      files: { [`${WORK}/auth.json`]: legacy[`${dir}/auth.json`] ?? "" },
    });
    expect(idsOf(credentials.profiles)).toEqual(["groq:default"]);
  });

  test("are found where the variable says", () => {
    const files = { "/elsewhere/oauth.json": JSON.stringify({ groq: { access: "g", refresh: "r", expires: NOW } }) };
    expect(idsOf(openFacts({ files, env: { NEMO_OAUTH_DIR: "/elsewhere" } }).credentials.profiles)).toEqual(["groq:default"]);
  });
});

describe("notes about use", () => {
  const stats = (usageStats: unknown) =>
    openFacts({ store: storeOf({ "a:1": keyOf("openai"), "a:2": keyOf("openai"), "a:3": keyOf("openai") }, { usageStats }) }).credentials;

  test("become cooldowns as long as they last, the soonest first", () => {
    const { cooldowns } = stats({
      "a:1": { disabledUntil: NOW + 5 * HOUR, disabledReason: "billing", cooldownUntil: NOW + 1 },
      "a:2": { cooldownUntil: NOW + 60_000, failureCounts: { rate_limit: 2 } },
      "a:3": { cooldownUntil: NOW },
      gone: { cooldownUntil: NOW + HOUR },
    });
    expect(cooldowns).toEqual([
      { profileId: "a:2", kind: "cooldown", reason: "rate_limit", untilMs: NOW + 60_000, origin: "legacy" },
      { profileId: "a:1", kind: "disabled", reason: "billing", untilMs: NOW + 5 * HOUR, origin: "legacy" },
    ]);
  });

  test("an old reason for being disabled is none for a cooldown", () => {
    expect(
      stats({ "a:1": { cooldownUntil: NOW + 1, disabledUntil: NOW - 1, disabledReason: "billing", failureCounts: { auth: 1, timeout: 2 } } }).cooldowns,
    ).toEqual([{ profileId: "a:1", kind: "cooldown", untilMs: NOW + 1, origin: "legacy" }]);
  });

  test("that make no sense are passed over", () => {
    expect(stats({ "a:1": "text", "a:2": { cooldownUntil: "soon", lastUsed: null }, "a:3": { lastUsed: 7 } })).toMatchObject({
      cooldowns: [],
      lastUsedMs: new Map([["a:3", 7]]),
    });
  });
});

describe("the environment", () => {
  test("gives a profile for each provider's variable that is set", () => {
    const { credentials } = openFacts({ env: { OPENAI_API_KEY: " sk-x\n", GROQ_API_KEY: "" } });
    expect(credentials.profiles.map((profile) => [profile.id, profile.provider, secretOf(profile), profile.origin])).toEqual([
      ["env:OPENAI_API_KEY", "openai", "sk-x", { kind: "env", variable: "OPENAI_API_KEY", setIn: "process" }],
    ]);
  });

  test("gives one for each way of authenticating, the strongest name of each", () => {
    const { credentials } = openFacts({ env: { ANTHROPIC_API_KEY: "k", ANTHROPIC_OAUTH_TOKEN: "t", COPILOT_GITHUB_TOKEN: "c", GITHUB_TOKEN: "g" } });
    expect(credentials.profiles.map(({ id, provider, credential }) => [id, provider, credential.kind])).toEqual([
      ["env:ANTHROPIC_OAUTH_TOKEN", "anthropic", "token"],
      ["env:ANTHROPIC_API_KEY", "anthropic", "api_key"],
      ["env:COPILOT_GITHUB_TOKEN", "github-copilot", "token"],
      ["env:GITHUB_TOKEN", "github-models", "api_key"],
    ]);
  });

  test("a variable that several providers know is the plain id of the one with the shortest name", () => {
    const { credentials } = openFacts({ env: { GITHUB_TOKEN: "g" } });
    expect(credentials.profiles.map(({ id, provider }) => [id, provider])).toEqual([
      ["env:GITHUB_TOKEN:github-copilot", "github-copilot"],
      ["env:GITHUB_TOKEN", "github-models"],
    ]);
  });

  test("says in which file a variable was set, and on which line", () => {
    const { credentials } = openFacts({ files: { [`${HOME}/.nemo/.env`]: "# keys\nexport OPENAI_API_KEY=sk-x\n" } });
    const [profile] = credentials.profiles;
    expect(profile?.origin).toEqual({ kind: "env", variable: "OPENAI_API_KEY", setIn: "dotenv", file: `${HOME}/.nemo/.env` });
    expect(profile && credentials.places.placeOf(profile)).toEqual({ file: `${HOME}/.nemo/.env`, line: 2 });
  });
});

describe("keys in provider entries", () => {
  const lab = toProviderId("lab");
  const entry = { id: lab, origin: { kind: "config", place: undefined }, baseUrl: "https://lab.example/v1", models: [] } as const;

  test("are profiles of the config or of models.json, one for each", () => {
    const { credentials } = openFacts({
      custom: [
        { ...entry, apiKey: new Secret(" key-in-config\n") },
        { ...entry, origin: { kind: "models.json", file: "/a/models.json" }, keyVariable: "LAB_KEY" },
      ],
      env: { LAB_KEY: "key-in-variable" },
    });
    expect(credentials.profiles.map((profile) => [profile.id, profile.provider, secretOf(profile), profile.origin.kind])).toEqual([
      ["config:lab", "lab", "key-in-config", "config"],
      ["models.json:lab", "lab", "key-in-variable", "models.json"],
    ]);
  });

  test("that are blank, or name a variable that is unset, are none", () => {
    expect(openFacts({ custom: [{ ...entry, apiKey: new Secret(" ") }] }).credentials.profiles).toEqual([]);
    expect(openFacts({ custom: [{ ...entry, keyVariable: "LAB_KEY" }] }).credentials.profiles).toEqual([]);
  });
});

test("a stored profile is found again in its file", () => {
  const { credentials } = openFacts({ store: storeOf({ "a:1": loginOf("openai", NOW) }, { order: { OpenAI: ["a:1"] } }) });
  const [profile] = credentials.profiles;
  expect(profile && credentials.places.placeOf(profile)).toEqual({ file: STORE, line: 4, column: 5 });
  expect(credentials.places.placeOfStoreOrder(toProviderId("openai"))).toEqual({ file: STORE, line: 13, column: 5 });
});

test("profiles and problems print no secret, however they are printed", () => {
  const { credentials } = openFacts({
    store: storeOf({ "a:1": keyOf("openai", "sk-canary"), "a:2": loginOf("groq", NOW) }),
    env: { GROQ_API_KEY: "sk-canary" },
  });
  expect(JSON.stringify([credentials.profiles, credentials.problems])).not.toMatch(/canary|secret-text/);
});

describe("whatever stands in a store", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const entry = fc.record(
    {
      type: fc.oneof(fc.constantFrom("api_key", "token", "oauth", "apikey"), fc.anything()),
      provider: fc.oneof(fc.constantFrom("openai", "Z.AI", "__proto__"), fc.anything()),
      key: fc.anything(),
      token: fc.anything(),
      access: fc.anything(),
      expires: fc.oneof(fc.double(), fc.anything()),
      email: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const shaped = fc.record(
    {
      version: fc.anything(),
      profiles: fc.oneof(fc.dictionary(fc.oneof(fc.constant("__proto__"), fc.string()), fc.oneof(entry, fc.anything())), fc.anything()),
      order: fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.array(fc.anything()), fc.anything())), fc.anything()),
      usageStats: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.anything()),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    fc.oneof(shaped, fc.jsonValue()).map((value) => JSON.stringify(value) ?? "undefined"),
    fc.string(),
  );
  const cut = fc.tuple(text, fc.nat()).map(([whole, at]) => (at % 3 === 0 ? whole.slice(0, at % (whole.length + 1)) : whole));

  test("it is read or named as a problem: nothing is thrown, nothing is changed, and every error of syntax has a line", () => {
    fc.assert(
      fc.property(cut, (written) => {
        const { credentials } = openFacts({ files: { [STORE]: written } });
        for (const { code, place } of credentials.problems)
          if (code === "STORE_SYNTAX") expect([place?.line, place?.column]).toEqual([expect.any(Number), expect.any(Number)]);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      }),
      { numRuns: 2000 },
    );
  });
});
