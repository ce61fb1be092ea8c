import { describe, expect, test } from "vitest";
import type { ExplainReport } from "../../../../src/status/explain.ts";
import { CONFIG, HOUR, keyOf, loginOf, NOW, STORE, storeOf, tokenOf } from "../../../credentials/open-facts.ts";
import { entryOf } from "../../../credentials/refresh/rig.ts";
import type { FakeMachine } from "../../../support/fake-host.ts";
import { runOn } from "../../../status/run-command.ts";
import { cacheText, keptUsage, windowOf } from "../../../usage/kept.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const MACHINE: FakeMachine = {
  env: { GROQ_API_KEY: "gsk_abc" },
  files: {
    [CONFIG]: json({
      agents: {
        defaults: {
          model: { primary: "fast", fallbacks: ["groq/llama-3.3-70b-versatile"] },
          models: { "anthropic/claude-sonnet-4-5": { alias: "fast" } },
        },
      },
    }),
    [STORE]: json(
      storeOf(
        {
          "anthropic:old": tokenOf("anthropic", NOW - 3 * HOUR),
          "anthropic:b": keyOf("anthropic", "sk-ant-api03-b"),
          "anthropic:a": loginOf("anthropic", NOW + 9 * HOUR),
          "anthropic:rests": keyOf("anthropic", "sk-ant-api03-r"),
          "anthropic:left-out": keyOf("anthropic", "sk-ant-api03-l"),
        },
        {
          order: { anthropic: ["anthropic:b", "anthropic:a", "anthropic:old", "anthropic:rests"] },
          usageStats: { "anthropic:rests": { cooldownUntil: NOW + 4 * 60_000 } },
        },
      ),
    ),
  },
};

const explain = async (words = "", machine = MACHINE): Promise<ExplainReport> =>
  JSON.parse((await runOn(machine, `models explain${words} --json`)).out) as ExplainReport;

describe("the trace of the chain", () => {
  test("follows alias, model, route and accounts, each with the place that says so", async () => {
    const { models, first, problems, asked } = await explain();
    expect({ first, problems, asked }).toEqual({ first: { ref: "anthropic/claude-sonnet-4-5", profileId: "anthropic:b" }, problems: [], asked: null });
    expect(models).toHaveLength(2);
    expect(models[0]).toEqual({
      role: "default",
      position: 1,
      raw: "fast",
      from: "defaults",
      place: { file: CONFIG, line: 5, column: 9 },
      alias: { alias: "fast", target: "anthropic/claude-sonnet-4-5", builtIn: false, place: { file: CONFIG, line: 11, column: 9 } },
      ref: "anthropic/claude-sonnet-4-5",
      via: "alias",
      pinnedProfile: null,
      problem: null,
      keptOut: null,
      catalogue: { origin: "embedded", knows: "facts", contextTokens: expect.any(Number), deprecated: expect.any(Boolean) },
      route: {
        provider: "anthropic",
        label: "Anthropic",
        protocol: "anthropic-messages",
        baseUrl: "https://api.anthropic.com",
        from: "built-in",
        plugin: null,
        place: null,
        local: false,
      },
      leftOut: null,
      readiness: "ready",
      standing: null,
      order: {
        decidedBy: "store-order",
        listed: ["anthropic:b", "anthropic:a", "anthropic:old", "anthropic:rests"],
        place: { file: STORE, line: 34, column: 5 },
      },
      profiles: [
        {
          profileId: "anthropic:b",
          type: "api_key",
          origin: "store",
          place: { file: STORE, line: 10, column: 5 },
          health: "static",
          fingerprint: expect.stringMatching(/^sk-ant-api03-…[0-9a-f]{6}$/),
          reference: null,
          note: null,
        },
        {
          profileId: "anthropic:a",
          type: "oauth",
          origin: "store",
          place: { file: STORE, line: 15, column: 5 },
          health: "ok",
          fingerprint: expect.any(String),
          reference: null,
          note: null,
        },
      ],
      passedOver: [
        { profileId: "anthropic:rests", reason: "cooling", detail: "rests for 4m", until: NOW + 4 * 60_000, place: { file: STORE, line: 22, column: 5 } },
        { profileId: "anthropic:old", reason: "expired", detail: "expired 3h ago", until: null, place: { file: STORE, line: 4, column: 5 } },
        { profileId: "anthropic:left-out", reason: "not-in-order", detail: "is not in the order", until: null, place: { file: STORE, line: 27, column: 5 } },
      ],
    });
  });

  test("says what each failure of the first would set off, by the names of who is next", async () => {
    const { outcomes } = await explain();
    expect(outcomes.map(({ event, nextProfile, nextModel }) => [event, nextProfile, nextModel])).toEqual([
      ["401", "anthropic:a", "groq/llama-3.3-70b-versatile"],
      ["402", "anthropic:a", "groq/llama-3.3-70b-versatile"],
      ["429", "anthropic:a", "groq/llama-3.3-70b-versatile"],
      ["429, for hours", "anthropic:a", "groq/llama-3.3-70b-versatile"],
      ["500", null, "groq/llama-3.3-70b-versatile"],
      ["503", null, "groq/llama-3.3-70b-versatile"],
      ["silence", null, "groq/llama-3.3-70b-versatile"],
    ]);
  });

  test("goes on after a reference that leads nowhere, and begins with the first that could answer", async () => {
    const files = {
      [CONFIG]: json({ agents: { defaults: { model: { primary: "opnai/gpt", fallbacks: ["openai/gpt-5.2", "groq/llama-3.3-70b-versatile"] } } } }),
    };
    const { models, first, problems } = await explain("", { env: { GROQ_API_KEY: "gsk" }, files });
    expect(models.map(({ raw, readiness }) => [raw, readiness])).toEqual([
      ["opnai/gpt", "broken"],
      ["openai/gpt-5.2", "missing"],
      ["groq/llama-3.3-70b-versatile", "ready"],
    ]);
    expect(first).toEqual({ ref: "groq/llama-3.3-70b-versatile", profileId: "env:GROQ_API_KEY" });
    expect(problems.map(({ code }) => code)).toEqual(["REF_BROKEN"]);
  });

  test("on a machine where nothing was set up there is nobody to ask, and no failure to follow", async () => {
    const { first, outcomes } = await explain("", {});
    expect([first, outcomes]).toEqual([null, []]);
  });
});

describe("a word on the command line", () => {
  test("is followed in place of the default, which then comes after the fallbacks", async () => {
    const { models, asked } = await explain(" groq/llama-3.1-8b-instant");
    expect(asked).toBe("groq/llama-3.1-8b-instant");
    expect(models.map(({ role, ref, from }) => [role, ref, from])).toEqual([
      ["asked", "groq/llama-3.1-8b-instant", "command line"],
      ["fallback", "groq/llama-3.3-70b-versatile", "defaults"],
      ["default", "anthropic/claude-sonnet-4-5", "defaults"],
    ]);
  });

  test("may pin an account, which is then never left for another", async () => {
    const { models, outcomes } = await explain(" fast@anthropic:a");
    expect(models[0]).toMatchObject({
      pinnedProfile: "anthropic:a",
      profiles: [{ profileId: "anthropic:a" }],
      passedOver: [{ profileId: "anthropic:b", reason: "not-pinned" }],
    });
    expect(outcomes.every(({ nextProfile }) => nextProfile === null)).toBe(true);
  });

  test("that nobody knows as a model is followed with a warning, for new models exist before any catalogue", async () => {
    const { models, problems } = await explain(" openai/gpt-99");
    expect(models[0]).toMatchObject({ ref: "openai/gpt-99", catalogue: null });
    expect(problems).toMatchObject([{ code: "MODEL_UNKNOWN", severity: "warning", subject: "openai/gpt-99" }]);
  });

  test("without a slash that no provider of the chain has is refused with 64", async () => {
    const { exit, out, err } = await runOn(MACHINE, "models explain no-such-model");
    expect([exit, out]).toEqual([64, ""]);
    expect(err).toMatch(/is no alias, and no provider of the chain has such a\s+model \[MODEL_UNKNOWN\]/);
  });

  test("without a slash is a model of the first provider of the chain that has it", async () => {
    const { models, first } = await explain(" llama-3.1-8b-instant");
    expect(models[0]).toMatchObject({ raw: "llama-3.1-8b-instant", ref: "groq/llama-3.1-8b-instant", via: "chain-provider" });
    expect(first).toEqual({ ref: "groq/llama-3.1-8b-instant", profileId: "env:GROQ_API_KEY" });
    const { out } = await runOn({ ...MACHINE, env: { ...MACHINE.env, COLUMNS: "120" } }, "models explain llama-3.1-8b-instant");
    expect(out).toContain("of the first provider of the chain that has it");
  });

  test("may be one of another program, which is asked from there alone", async () => {
    const defaults = { model: { primary: "mycli/y" }, cliBackends: { mycli: { command: "mycli" } } };
    const machine = { env: { COLUMNS: "120" }, files: { [CONFIG]: json({ agents: { defaults } }) } };
    const { exit, err } = await runOn(machine, "models explain mycli/y");
    expect([exit, err.includes("mycli/y is answered by a program of this machine, which cannot be asked from here")]).toEqual([64, true]);
    const { models, first } = await explain("", machine);
    expect([models.map(({ readiness }) => readiness), first]).toEqual([["delegated"], null]);
    expect((await runOn(machine, "models explain")).out).toContain("→ mycli/y is left to another login, and no other model here could answer now.");
  });

  test("of an unknown provider is refused with 64 and the nearest name", async () => {
    const { exit, out, err } = await runOn(MACHINE, "models explain opnai/gpt");
    expect([exit, out]).toEqual([64, ""]);
    expect(err).toContain('Did you mean "openai"?');
  });

  test("that is kept out by an allowlist as a fallback is not kept out when asked for", async () => {
    const files = {
      [CONFIG]: json({
        agents: { defaults: { model: { primary: "openai/gpt-5.2", fallbacks: ["groq/llama-3.3-70b-versatile"] }, modelPolicy: { allow: ["openai/gpt-5.2"] } } },
      }),
    };
    const machine = { env: { GROQ_API_KEY: "gsk" }, files };
    expect((await explain("", machine)).models[1]).toMatchObject({
      readiness: "not allowed",
      keptOut: { keyPath: "agents.defaults.modelPolicy.allow", place: { line: 11 } },
    });
    expect((await explain(" groq/llama-3.3-70b-versatile", machine)).models[0]).toMatchObject({ readiness: "ready", keptOut: null });
  });
});

test("of a token that a person's own licence lets be asked it is not said that it is sent to nobody", async () => {
  const { models } = await explain(" anthropic/claude-opus-4-6", {
    files: {
      [CONFIG]: json({ signalbox: { licences: { "anthropic:a": "own-client" } } }),
      [STORE]: json(storeOf({ "anthropic:a": { type: "token", provider: "anthropic", token: "sk-ant-oat01-abcdefgh" } })),
    },
  });
  expect(models[0]?.profiles.map(({ profileId, note }) => [profileId, note])).toEqual([["anthropic:a", null]]);
});

describe("the words that are no models", () => {
  const work = { id: "work", model: { primary: "groq/llama-3.3-70b-versatile", fallbacks: [] } };
  const machine: FakeMachine = {
    env: {},
    files: {
      [CONFIG]: json({
        agents: { defaults: { model: "anthropic/claude-sonnet-4-5" }, list: [{ id: "main" }, work] },
        gateway: { modelNames: { "gpt-*": "agent:work", haiku: "groq/llama-3.1-8b-instant", "*": "default" } },
      }),
      [STORE]: json(storeOf({ "anthropic:b": keyOf("anthropic", "sk-ant-api03-b") })),
      [STORE.replace("/main/", "/work/")]: json(storeOf({ "groq:work": keyOf("groq") })),
    },
  };
  const answer = async (words: string): Promise<unknown> => {
    const { agentId, asked, first } = await explain(words, machine);
    return [agentId, asked, first?.ref, first?.profileId];
  };

  test("default is the chain, as no word is", async () => {
    expect(await answer("")).toEqual(["main", null, "anthropic/claude-sonnet-4-5", "anthropic:b"]);
    const files = { ...machine.files, [CONFIG]: json({ agents: { defaults: { model: "anthropic/claude-sonnet-4-5" } } }) };
    const unmapped = { ...machine, files };
    expect({ ...(await explain(" default", unmapped)), asked: null }).toEqual(await explain("", unmapped));
  });

  test("agent:<id> is that agent's chain, with its accounts; of an unknown one it is refused with 64", async () => {
    const files = { ...machine.files, [CONFIG]: json({ agents: { defaults: { model: "anthropic/claude-sonnet-4-5" }, list: [{ id: "main" }, work] } }) };
    const { agentId, first, models } = await explain(" agent:work", { ...machine, files });
    expect([agentId, first]).toEqual(["work", { ref: "groq/llama-3.3-70b-versatile", profileId: "groq:work" }]);
    expect(models.map(({ role, from, place }) => [role, from, place?.file])).toEqual([["default", "agent", CONFIG]]);
    const { exit, err } = await runOn({ ...machine, files }, "models explain agent:nobody");
    expect([exit, err.includes("AGENT_UNKNOWN")]).toEqual([64, true]);
  });

  test("a name that the config maps is what it says, and where it says so", async () => {
    expect(await answer(" gpt-9")).toEqual(["work", "gpt-9", "groq/llama-3.3-70b-versatile", "groq:work"]);
    expect(await answer(" haiku")).toEqual(["main", "haiku", "anthropic/claude-sonnet-4-5", "anthropic:b"]);
    expect((await explain(" haiku", machine)).models[0]).toMatchObject({ role: "asked", raw: "haiku", ref: "groq/llama-3.1-8b-instant", readiness: "missing" });
    expect(await answer(" whatever")).toEqual(["main", "whatever", "anthropic/claude-sonnet-4-5", "anthropic:b"]);
    const { mapped } = await explain(" gpt-9", machine);
    expect(mapped).toEqual({ name: "gpt-9", pattern: "gpt-*", means: "agent:work", place: { file: CONFIG, line: 21, column: 7 } });
    const { out } = await runOn({ ...machine, env: { COLUMNS: "100" } }, "models explain gpt-9");
    expect(out.split("\n")[2]).toMatch(/^ {2}name {2}gpt-9 → agent:work \(as gpt-\*\) +~\/\.nemo\/nemo\.json:21:7$/);
  });
});

test("a fallback that costs money is not asked where the config says so", async () => {
  const config = {
    agents: { defaults: { model: { primary: "anthropic/claude-sonnet-4-5", fallbacks: ["groq/llama-3.3-70b-versatile"] } } },
    signalbox: { routing: { neverPaid: true } },
  };
  const { models, outcomes } = await explain("", { ...MACHINE, files: { ...MACHINE.files, [CONFIG]: json(config) } });
  expect(models[1]).toMatchObject({
    readiness: "missing",
    profiles: [],
    passedOver: [{ profileId: "env:GROQ_API_KEY", reason: "paid", detail: "costs money, and signalbox.routing.neverPaid is set" }],
  });
  expect(outcomes.map(({ nextModel }) => nextModel)).toEqual(Array(7).fill(null));
});

test("a model that stands twice in the chain is asked once", async () => {
  const model = { primary: "groq/llama-3.3-70b-versatile", fallbacks: ["anthropic/claude-sonnet-4-5", "groq/llama-3.3-70b-versatile"] };
  const machine = { ...MACHINE, files: { ...MACHINE.files, [CONFIG]: json({ agents: { defaults: { model } } }) } };
  expect((await explain("", machine)).models.map(({ ref, leftOut }) => [ref, leftOut?.reason ?? null])).toEqual([
    ["groq/llama-3.3-70b-versatile", null],
    ["anthropic/claude-sonnet-4-5", null],
    ["groq/llama-3.3-70b-versatile", "repeated"],
  ]);
  const { out } = await runOn(machine, "models explain");
  expect(out).toContain("! not asked: stands before it already");
  expect(out.match(/✓ (default|fallback)/g)).toEqual(["✓ default"]);
});

describe("what a person sees", () => {
  test("the whole way, with places at the right", async () => {
    const { out } = await runOn({ ...MACHINE, env: { ...MACHINE.env, COLUMNS: "100" } }, "models explain");
    expect(
      out
        .replace(/…[0-9a-f]{6}/g, "…123abc")
        .replace(/[\d.]+[kM] context/g, "1k context")
        .split("\n")
        .slice(0, 24),
    ).toEqual([
      "✓ anthropic/claude-sonnet-4-5 would be asked first, with anthropic:b.",
      "",
      "✓ default  fast                                                                ~/.nemo/nemo.json:5:9",
      "    alias     fast → anthropic/claude-sonnet-4-5                              ~/.nemo/nemo.json:11:9",
      "    model     anthropic/claude-sonnet-4-5",
      "              1k context, from the built-in catalogue",
      "    route     Anthropic, anthropic-messages",
      "              https://api.anthropic.com (built in)",
      "    accounts  in the order of the auth store       ~/.nemo/agents/main/agent/auth-profiles.json:34:5",
      "              1. anthropic:b  sk-ant-api03-…123abc",
      "                 ~/.nemo/agents/main/agent/auth-profiles.json:10:5",
      "              2. anthropic:a  …123abc              ~/.nemo/agents/main/agent/auth-profiles.json:15:5",
      "              -  anthropic:rests rests for 4m      ~/.nemo/agents/main/agent/auth-profiles.json:22:5",
      "              -  anthropic:old expired 3h ago       ~/.nemo/agents/main/agent/auth-profiles.json:4:5",
      "              -  anthropic:left-out is not in the order",
      "                 ~/.nemo/agents/main/agent/auth-profiles.json:27:5",
      "",
      "  fallback 1  groq/llama-3.3-70b-versatile                                    ~/.nemo/nemo.json:7:11",
      "    model     groq/llama-3.3-70b-versatile",
      "              1k context, from the built-in catalogue",
      "    route     Groq, openai-chat",
      "              https://api.groq.com/openai/v1 (built in)",
      "    accounts  logins, tokens, keys; the longest unused first",
      "              1. env:GROQ_API_KEY  gsk_…123abc",
    ]);
  });

  test.each(["60", "80", "120"])("no line is longer than %s columns", async (COLUMNS) => {
    for (const words of ["models explain", "models explain fast"]) {
      const { out } = await runOn({ ...MACHINE, env: { ...MACHINE.env, COLUMNS, NO_COLOR: "1" } }, words, "nemo", "terminal");
      expect(out.split("\n").filter((line) => [...line].length > Number(COLUMNS))).toEqual([]);
    }
  });

  test("--plain is a line a model, with its accounts in order", async () => {
    const { out } = await runOn(MACHINE, "models explain --plain");
    expect(out).toBe("anthropic/claude-sonnet-4-5\tanthropic:b\tanthropic:a\ngroq/llama-3.3-70b-versatile\tenv:GROQ_API_KEY\n");
  });
});

describe("accounts whose order goes by what is left of them", () => {
  const login = (email: string) => ({ ...(loginOf("openai-codex", NOW + HOUR, email) as object), email });
  const kept = (account: string, usedPercent: number, resetsInHours: number) =>
    keptUsage({ windows: [windowOf("week", usedPercent, NOW + resetsInHours * HOUR)] }, { provider: "openai-codex", account });
  const machine = (order: Readonly<Record<string, unknown>>, usage: Readonly<Record<string, unknown>>): FakeMachine => ({
    files: {
      [CONFIG]: json({ agents: { defaults: { model: "openai-codex/gpt-5" } } }),
      [STORE]: json(storeOf({ "openai-codex:a": login("a@x.example"), "openai-codex:b": login("b@x.example") }, order)),
      "/home/me/.nemo/signalbox/usage.json": cacheText(usage),
    },
  });
  const usage = { "openai-codex:a": kept("a@x.example", 40, 150), "openai-codex:b": kept("b@x.example", 40, 10) };

  test("stand in that order, with what it goes by", async () => {
    const { models, first } = await explain("", machine({}, usage));
    expect([first?.profileId, models[0]?.order?.byUse]).toEqual(["openai-codex:b", true]);
    expect(models[0]?.profiles.map(({ profileId, use }) => [profileId, use])).toEqual([
      ["openai-codex:b", { windows: [{ leftPercent: 60, resetsAt: NOW + 10 * HOUR, windowMs: 168 * HOUR }], reserved: false }],
      ["openai-codex:a", { windows: [{ leftPercent: 60, resetsAt: NOW + 150 * HOUR, windowMs: 168 * HOUR }], reserved: false }],
    ]);
    const { out } = await runOn(machine({}, usage), "models explain");
    expect(out).toContain("logins, tokens, keys; first what would else go unused");
    expect(out).toContain("60% left of a 7d window that ends in 10h");
  });

  test("an end that is far away is a day", async () => {
    const { out } = await runOn(machine({}, { ...usage, "openai-codex:a": kept("a@x.example", 40, 167.9) }), "models explain");
    expect(out).toContain("60% left of a 7d window that ends on 28 Nov");
  });

  test("an account at its reserve says so", async () => {
    const { out } = await runOn(machine({}, { ...usage, "openai-codex:b": kept("b@x.example", 96, 10) }), "models explain");
    expect(out).toContain("4% left of a 7d window that ends in 10h: at its reserve");
  });

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["an order that somebody wrote", { order: { "openai-codex": ["openai-codex:a", "openai-codex:b"] } }, usage],
    ["what another account of that name was told", {}, { "openai-codex:b": kept("c@x.example", 40, 10) }],
  ])("%s leaves it as it is", async (_, order, told) => {
    const { models } = await explain("", machine(order, told));
    expect([models[0]?.order?.byUse, models[0]?.profiles.map(({ profileId, use }) => [profileId, use])]).toEqual([
      undefined,
      [
        ["openai-codex:a", undefined],
        ["openai-codex:b", undefined],
      ],
    ]);
  });
});

describe("a reference that names an account", () => {
  test("which is gone says so, and nobody else is asked", async () => {
    const { models, first } = await explain(" groq/llama-3.3-70b-versatile@groq:gone");
    expect(models[0]).toMatchObject({ readiness: "missing", profiles: [] });
    expect(models[0]?.passedOver.map(({ profileId, reason, detail }) => [profileId, reason, detail])).toEqual([
      ["groq:gone", "unknown", "is what the reference names, but no such account is stored"],
      ["env:GROQ_API_KEY", "not-pinned", "is not the one that the reference names"],
    ]);
    expect(first).toBe(null);
    expect(models).toHaveLength(1);
  });

  test("which a list leaves out is asked all the same", async () => {
    const { models, first } = await explain(" anthropic/claude-sonnet-4-5@anthropic:left-out");
    expect(models[0]?.profiles.map(({ profileId }) => profileId)).toEqual(["anthropic:left-out"]);
    expect(first).toEqual({ ref: "anthropic/claude-sonnet-4-5", profileId: "anthropic:left-out" });
  });
});

test("a refusal sets off a renewal of a login of ours, and not of another program's", async () => {
  const outcomes = async (entry: unknown) => {
    const files = { ...MACHINE.files, [STORE]: json(storeOf({ "anthropic:a": entry })) };
    return (await explain(" anthropic/claude-sonnet-4-5", { ...MACHINE, files })).outcomes;
  };
  const ours = await outcomes(entryOf({}, { provider: "anthropic" }));
  const theirs = await outcomes(loginOf("anthropic", NOW + HOUR));
  expect([ours.some(({ sentence }) => sentence.includes("renew")), theirs.some(({ sentence }) => sentence.includes("renew"))]).toEqual([true, false]);
});

test("GitHub Copilot is said to need another token first, whether the chain has it or a person asks", async () => {
  const files = { [CONFIG]: json({ agents: { defaults: { model: { primary: "github-copilot/gpt-4.1" } } } }) };
  const machine = { files, env: { COPILOT_GITHUB_TOKEN: "ghu_canary0123456789" } };
  const why = "cannot answer: github-copilot needs another token first, which is not fetched yet";
  const said = async (words: string): Promise<string[]> =>
    (await explain(words, machine)).problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
  expect(await said("")).toEqual([`the default model ${why}`]);
  expect(await said(" github-copilot/other")).toEqual([`github-copilot/other ${why}`, `the default model ${why}`]);
});
