import { describe, expect, test } from "vitest";
import type { StatusReport } from "../../../../src/status/report.ts";
import { CONFIG, DAY, HOUR, keyOf, NOW, STORE, storeOf, tokenOf } from "../../../credentials/open-facts.ts";
import { entryOf } from "../../../credentials/refresh/rig.ts";
import { runAtHome, runOn } from "../../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const withDefault = (primary: string): string => json({ agents: { defaults: { model: { primary } } } });

const RICH = {
  env: { GROQ_API_KEY: "gsk_abc", COLUMNS: "80" },
  files: {
    [CONFIG]: json({
      agents: {
        defaults: {
          model: { primary: "fast", fallbacks: ["openai/gpt-5.2", "ollama/qwen3", "opnai/gpt-5.2"] },
          imageModel: { primary: "google/gemini-3-pro-preview" },
          models: { "anthropic/claude-sonnet-4-5": { alias: "fast" } },
        },
      },
    }),
    [STORE]: json(
      storeOf(
        {
          "anthropic:me@example.com": entryOf({}, { provider: "anthropic", expires: NOW - HOUR }),
          "anthropic:manual": tokenOf("anthropic", NOW + 3 * HOUR),
          "openai:default": keyOf("openai", "sk-abc"),
        },
        { usageStats: { "openai:default": { cooldownUntil: NOW + 4 * 60_000, failureCounts: { rate_limit: 1 } } } },
      ),
    ),
  },
};

describe("what a person sees", () => {
  test("first whether the default model answers, then what is wrong and what mends it, then the chain and the accounts", async () => {
    const { exit, out, err } = await runOn(RICH, "models status");
    expect([exit, err]).toEqual([0, ""]);
    expect(out.replace(/…[0-9a-f]{6}/g, "…123abc").split("\n")).toEqual([
      "✓ anthropic/claude-sonnet-4-5 is ready, with anthropic:me@example.com.",
      "",
      "Problems",
      '  ✗ fallback 3 "opnai/gpt-5.2" leads nowhere: no provider is named "opnai"',
      "    at ~/.nemo/nemo.json:9:11",
      '    → Did you mean "openai"?',
      "  ✗ google has no credential; the image model needs one",
      "    → Run `nemo models auth add --provider google`, or set GEMINI_API_KEY",
      "      (https://aistudio.google.com/app/apikey).",
      "  ! every account of openai rests; openai:default is the first to return, in 4m",
      "    → Wait, or add a fallback of another provider.",
      "  ! anthropic:manual expires in 3h",
      "    → Run `nemo models auth paste-token --provider anthropic --profile-id",
      "      anthropic:manual --replace`.",
      "",
      "Models  agent main",
      "  default     fast → anthropic/claude-sonnet-4-5  ✓ ready",
      "  fallback 1  openai/gpt-5.2                      ~ rests 4m",
      "  fallback 2  ollama/qwen3                        ✓ needs no key",
      "  fallback 3  opnai/gpt-5.2                       ✗ leads nowhere",
      "  image       google/gemini-3-pro-preview         ✗ missing",
      "",
      "Accounts",
      "  1  anthropic:me@example.com  login  ✓ renews itself  …123abc",
      "  2  anthropic:manual          token  ! ends in 3h     …123abc",
      "  -  openai:default            key    ~ rests 4m       …123abc",
      "  not in use by the models above:",
      "  1  env:GROQ_API_KEY          key    ✓ no expiry      gsk_…123abc",
      "",
      "  config       ~/.nemo/nemo.json",
      "  store        ~/.nemo/agents/main/agent/auth-profiles.json",
      "  aliases      fast",
      "  From files alone: a revoked key still shows as ready.",
      "",
    ]);
  });

  test.each(["60", "80", "100", "120"])("no line is longer than %s columns, and colour changes nothing but the colour", async (COLUMNS) => {
    const plain = await runOn({ ...RICH, env: { ...RICH.env, COLUMNS, NO_COLOR: "1" } }, "models status", "nemo", "terminal");
    expect(plain.out.split("\n").filter((line) => [...line].length > Number(COLUMNS))).toEqual([]);
    const coloured = await runOn({ ...RICH, env: { ...RICH.env, COLUMNS } }, "models status", "nemo", "terminal");
    expect(coloured.out).toContain("\u001b[31m✗\u001b[39m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are our own escapes
    expect(coloured.out.replace(/\u001b\[\d+m/g, "")).toBe(plain.out);
  });

  test("from 100 columns on, who would answer, and where each account comes from", async () => {
    const { out } = await runOn({ ...RICH, env: { ...RICH.env, COLUMNS: "120" } }, "models status");
    expect(out).toMatch(/default {5}fast → anthropic\/claude-sonnet-4-5 {2}✓ ready {10}anthropic:me@example.com\n/);
    expect(out).toMatch(/env:GROQ_API_KEY +key +✓ no expiry +gsk_…[0-9a-f]{6} +environment\n/);
  });

  test("a machine where nothing was set up gets its first steps", async () => {
    const { exit, out } = await runOn({}, "models status");
    expect(exit).toBe(0);
    expect(out.split("\n")).toEqual([
      "✗ Nothing is set up yet: there is no config file and no credential.",
      "",
      "Looked for",
      "  config       ~/.nemo/nemo.json",
      "  store        ~/.nemo/agents/main/agent/auth-profiles.json",
      expect.stringMatching(/^ {2}environment {2}\d+ variables of \d+ providers$/),
      "",
      "Next steps",
      "  1. Give the built-in default model anthropic/claude-opus-4-6 a key. Run `nemo",
      "     models auth add --provider anthropic`, or set ANTHROPIC_API_KEY",
      "     (https://platform.claude.com/settings/keys).",
      "  2. Or look for a model that costs nothing: nemo models list --all --free. One",
      "     that runs on this machine (ollama, lmstudio, llama-cpp) needs no key.",
      "  3. Choose your default: nemo models set ollama/qwen3",
      "",
    ]);
  });

  test.each<[string, string, object]>([
    ["ollama/qwen3", "✓ ollama/qwen3 needs no key; only --probe tells whether its server runs.", {}],
    ["amazon-bedrock/claude", "→ amazon-bedrock/claude is left to another login. AWS login: AWS_PROFILE is set.", { AWS_PROFILE: "work" }],
    ["groq/llama", "✗ groq/llama cannot answer now, and there is no fallback.", {}],
    ["opnai/gpt", "✗ opnai/gpt cannot answer now, and there is no fallback.", {}],
  ])("of %s the first line says: %s", async (primary, line, env) => {
    const { out } = await runOn({ files: { [CONFIG]: withDefault(primary) }, env: { ...env } }, "models status");
    expect(out.split("\n")[0]).toBe(line);
  });

  test("what came from outside cannot steer the terminal", async () => {
    const evil = "openai:\u001b]0;owned\u0007";
    const { out } = await runOn({ files: { [CONFIG]: withDefault("openai/gpt"), [STORE]: json(storeOf({ [evil]: keyOf("openai") })) } }, "models status");
    expect(out).toContain("openai:\\u{1b}]0;owned\\u{7}");
    expect(out).not.toContain("\u001b");
  });
});

describe("for scripts", () => {
  test("--plain is the resolved default alone", async () => {
    expect(await runOn(RICH, "models status --plain")).toEqual({ exit: 0, out: "anthropic/claude-sonnet-4-5\n", err: "" });
    expect(await runOn(RICH, "models --status-plain")).toEqual({ exit: 0, out: "anthropic/claude-sonnet-4-5\n", err: "" });
  });

  test("--json is one document, the report", async () => {
    const { exit, out, err } = await runOn(RICH, "models status --json");
    expect([exit, err]).toEqual([0, ""]);
    const report = JSON.parse(out) as StatusReport;
    expect(report).toMatchObject({
      schemaVersion: 1,
      agentId: "main",
      resolvedDefault: "anthropic/claude-sonnet-4-5",
      auth: { missingProvidersInUse: ["google", "opnai"] },
    });
    expect(JSON.parse((await runOn(RICH, "models --status-json")).out)).toEqual(report);
  });

  test.each<[string, number, number | undefined]>([
    ["--check", 1, NOW - HOUR],
    ["--check", 2, NOW + HOUR],
    ["--check", 0, NOW + 2 * DAY],
    ["--check", 0, undefined],
    ["--check --warn-within 3d", 2, NOW + 2 * DAY],
    ["--check --warn-within 47", 0, NOW + 2 * DAY],
    ["--check --warn-within 48", 2, NOW + 2 * DAY],
    ["--check --warn-within 30m", 0, NOW + HOUR],
    ["--warn-within 3d", 0, NOW + 2 * DAY],
  ])("%s exits with %i", async (flags, exit, expires) => {
    const machine = { files: { [CONFIG]: withDefault("openai/gpt"), [STORE]: json(storeOf({ "openai:t": tokenOf("openai", expires) })) } };
    for (const format of ["", " --json", " --plain"]) expect((await runOn(machine, `models status ${flags}${format}`)).exit).toBe(exit);
  });

  test("--check-all also counts an account that no model uses", async () => {
    const machine = { files: { [CONFIG]: withDefault("ollama/qwen3"), [STORE]: json(storeOf({ "openai:t": tokenOf("openai", NOW - HOUR) })) } };
    expect((await runOn(machine, "models status --check")).exit).toBe(0);
    expect((await runOn(machine, "models status --check-all")).exit).toBe(1);
  });
});

describe("flags", () => {
  test.each([
    "--probe-timeout 0",
    "--probe-timeout x",
    "--probe-concurrency -1",
    "--probe-max-tokens 1.5",
    "--warn-within soon",
    "--probe --plain",
    "--agent nobody",
  ])("%s is refused with 64", async (flags) => {
    expect(await runOn(RICH, `models status ${flags}`)).toMatchObject({ exit: 64, out: "" });
  });

  test("a config that cannot be read is 78", async () => {
    expect((await runOn({ files: { [CONFIG]: "{" } }, "models status")).exit).toBe(78);
  });
});

describe("homes as the agents write them", () => {
  const statusAt = async (home: string, brand: "neuroion" | "nemo" | "text2llm", flags = ""): Promise<StatusReport> =>
    JSON.parse((await runAtHome(home, `models status --json${flags}`, brand)).out) as StatusReport;
  const chain = ({ chain: rows }: StatusReport): unknown[] => rows.map(({ ref, readiness, detail }) => [ref, readiness, detail]);

  test("an include, a .env, a models.json, and a login that renews itself", async () => {
    const report = await statusAt("neuroion", "neuroion");
    expect(chain(report)).toEqual([
      ["lab/m1", "ready", "config:lab"],
      ["anthropic/claude-sonnet-4-5", "missing", expect.stringContaining("allowed in its vendor's own program only")],
      ["openai/gpt-5.2", "ready", "openai:default"],
    ]);
    expect(report.aliases).toEqual({ fast: "lab/m1", sonnet: "anthropic/claude-sonnet-4-5", gpt: "openai/gpt-5.2" });
    expect(
      report.accounts.filter(({ provider }) => provider === "groq").map(({ profileId, position, passedOver }) => [profileId, position, passedOver?.reason]),
    ).toEqual([
      ["env:GROQ_API_KEY", 1, undefined],
      ["models.json:groq", null, "duplicate"],
    ]);
    expect([report.problems.map(({ code, severity }) => `${severity} ${code}`), report.cooldowns]).toEqual([
      ["error CREDENTIAL_MISSING", "note CREDENTIAL_EXPIRED"],
      [],
    ]);
    expect((await runAtHome("neuroion", "models status --check", "neuroion")).exit).toBe(1);
  });

  test("an agent with a model of its own, which reads through to the main agent's accounts", async () => {
    const report = await statusAt("neuroion", "neuroion", " --agent work");
    expect(chain(report)).toEqual([
      ["openai/gpt-5.2", "ready", "openai:work"],
      ["openai/gpt-5.2", "ready", "openai:work"],
    ]);
    expect(report.modelConfig).toEqual({ defaultSource: "agent", fallbacksSource: "agent" });
    expect(report.accounts.filter(({ inherited }) => inherited).map(({ profileId, passedOver }) => [profileId, passedOver?.reason])).toEqual([
      ["anthropic:me@example.com", "vendor-tool-only"],
      ["openai:default", "not-in-order"],
      ["openai-codex:me@example.com", undefined],
    ]);
  });

  test("a linked config, a spent token, a hidden key, and an account that is disabled", async () => {
    const report = await statusAt("nemo", "nemo");
    expect(chain(report)).toEqual([
      ["anthropic/claude-opus-4-6", "missing", expect.stringContaining("anthropic:manual is allowed in its vendor's own program only")],
      ["openrouter/moonshotai/kimi-k2", "cooling", expect.stringContaining("(billing)")],
      ["ollama/qwen3", "not needed", expect.any(String)],
    ]);
    expect((await runAtHome("nemo", "models status --check", "nemo")).exit).toBe(1);
  });

  test("files of earlier versions", async () => {
    const report = await statusAt("text2llm", "text2llm");
    expect(report.accounts.map(({ profileId, type }) => [profileId, type])).toEqual([
      ["anthropic:default", "api_key"],
      ["openai-codex:default", "oauth"],
    ]);
    expect(report.problems.map(({ severity }) => severity)).toEqual(["note", "note"]);
  });

  test("a folder of an earlier version of the same product, and of no other", async () => {
    expect(chain(await statusAt("neuroion-legacy", "neuroion"))).toEqual([["groq/llama-3.3-70b-versatile", "ready", "groq:default"]]);
    expect((await statusAt("neuroion-legacy", "nemo")).accounts).toEqual([]);
  });

  test("a home in which almost everything is broken: each fault with its place, and what still works", async () => {
    const report = await statusAt("broken", "nemo");
    expect(report.problems.map(({ code, file, line }) => [code, file?.split("/").at(-1) ?? null, line])).toEqual([
      ["PROVIDER_ENTRY_BROKEN", "nemo.json", 7],
      ["MODELS_JSON_BROKEN", "models.json", 1],
      ["STORE_SYNTAX", "auth-profiles.json", 4],
      ["REF_BROKEN", "nemo.json", 4],
      ["CREDENTIAL_MISSING", null, null],
      ["ENV_FILE_BROKEN", ".env", 2],
    ]);
    expect(report.chain.map(({ readiness }) => readiness)).toEqual(["missing", "broken", "ready"]);
    expect(report.problems.find(({ code }) => code === "CREDENTIAL_MISSING")?.message).toContain("has no credential that can be read; ");
  });

  test("none of them shows a secret, in any format", async () => {
    for (const [home, brand] of [
      ["neuroion", "neuroion"],
      ["nemo", "nemo"],
      ["text2llm", "text2llm"],
      ["neuroion-legacy", "neuroion"],
      ["broken", "nemo"],
    ] as const) {
      for (const words of [
        "models status",
        "models status --json",
        "models explain",
        "models explain --json",
        "models auth list",
        "models auth list --json",
        "doctor",
        "doctor --json",
      ]) {
        const { out, err } = await runAtHome(home, words, brand);
        expect(`${out}${err}`.match(/fixture-(?!account)\w+|lab-key-from\S+/g), `${home}: ${words}`).toBeNull();
      }
    }
  });
});

test("GitHub Copilot is not called ready: the router does not ask it either", async () => {
  const machine = {
    env: { COPILOT_GITHUB_TOKEN: "ghu_canary0123456789" },
    files: { [CONFIG]: JSON.stringify({ agents: { defaults: { model: { primary: "github-copilot/gpt-4.1" } } } }) },
  };
  const why = "github-copilot needs another token first, which is not fetched yet";
  const { chain, problems } = JSON.parse((await runOn(machine, "models status --json")).out) as StatusReport;
  expect(chain).toMatchObject([{ readiness: "missing", detail: why }]);
  expect(problems.map(({ severity, message }) => [severity, message])).toEqual([["error", `the default model cannot answer: ${why}`]]);
  // The agents that these files belong to fetch that token: to them the account is as good as ever.
  expect((await runOn(machine, "models status --check")).exit).toBe(0);
});
