import { describe, expect, test } from "vitest";
import type { ModelsListReport } from "../../../../src/cli/commands/models/list.ts";
import { embedded, type Models } from "../../../catalog/catalog-files.ts";
import { CONFIG, keyOf, NOW, STORE, storeOf, tokenOf } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";
import { harmfulIn, HOSTILE } from "../../../support/hostile.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const MODELS: Models = {
  anthropic: {
    "claude-opus-4-6": {
      name: "Claude Opus 4.6",
      contextTokens: 1_000_000,
      outputTokens: 128_000,
      input: ["text", "image"],
      tools: true,
      reasoning: true,
      usdPerMTok: { input: 5, output: 25, cacheRead: 0.5 },
    },
    "claude-old": { name: "Claude Old", contextTokens: 200_000, tools: true, deprecated: true, releasedOn: "2024-01-01" },
    bare: undefined,
  },
  groq: {
    "llama-3.3-70b": {
      name: "Llama 3.3 70B",
      contextTokens: 131_072,
      outputTokens: 32_768,
      input: ["text"],
      tools: true,
      reasoning: false,
      usdPerMTok: { input: 0.59, output: 0.79 },
      releasedOn: "2024-12-06",
    },
    "guard:free": { name: "Guard", contextTokens: 8192, input: ["text"], tools: false, reasoning: false, usdPerMTok: { input: 0, output: 0 } },
  },
  "far-away": { m: { contextTokens: 500, usdPerMTok: { input: 1, output: 1 } } },
  listed: { only: undefined },
};

const machine = {
  packaged: embedded(MODELS),
  env: { COLUMNS: "80" },
  files: {
    [CONFIG]: json({
      agents: {
        defaults: {
          model: { primary: "opus", fallbacks: ["groq/llama-3.3-70b", "ollama/qwen3"] },
          imageModel: { primary: "anthropic/claude-opus-4-6" },
          models: { "anthropic/claude-opus-4-6": {}, "groq/llama-3.3-70b": { alias: "fast" }, "groq/unheard-of": {} },
        },
      },
    }),
    [STORE]: json(storeOf({ "groq:work": keyOf("groq", "gsk_x"), "anthropic:old": tokenOf("anthropic", NOW - 1) })),
  },
};

const reportOf = async (words: string, more = {}): Promise<ModelsListReport> =>
  JSON.parse((await runOn({ ...machine, ...more }, `models list --json ${words}`.trim())).out);
const keys = async (words: string): Promise<string[]> => (await reportOf(words)).models.map(({ key }) => key);

describe("the configured models", () => {
  test("are the chain and those with settings, each once, with what tools have always read and more", async () => {
    const report = await reportOf("");
    expect(report).toMatchObject({ schemaVersion: 1, count: 4, view: "configured", problems: [] });
    expect(report.models).toEqual([
      {
        key: "anthropic/claude-opus-4-6",
        name: "Claude Opus 4.6",
        input: "text+image",
        contextWindow: 1_000_000,
        local: false,
        available: false,
        tags: ["default", "image", "configured", "alias:opus"],
        missing: false,
        provider: "anthropic",
        availability: "expired",
        outputTokens: 128_000,
        tools: true,
        reasoning: true,
        usdPerMTok: { input: 5, output: 25, cacheRead: 0.5 },
        releasedOn: null,
      },
      {
        key: "groq/llama-3.3-70b",
        name: "Llama 3.3 70B",
        input: "text",
        contextWindow: 131_072,
        local: false,
        available: true,
        tags: ["fallback#1", "configured", "alias:fast"],
        missing: false,
        provider: "groq",
        availability: "ready",
        outputTokens: 32_768,
        tools: true,
        reasoning: false,
        usdPerMTok: { input: 0.59, output: 0.79 },
        releasedOn: "2024-12-06",
      },
      expect.objectContaining({
        key: "ollama/qwen3",
        name: "ollama/qwen3",
        input: "-",
        contextWindow: null,
        local: true,
        available: true,
        availability: "not needed",
        missing: false,
        tags: ["fallback#2"],
      }),
      expect.objectContaining({ key: "groq/unheard-of", local: false, available: true, availability: "ready", missing: true, tags: ["configured", "missing"] }),
    ]);
    expect(report.providers).toEqual([
      { provider: "anthropic", local: false, availability: "expired", detail: expect.stringContaining("anthropic:old expired") },
      { provider: "groq", local: false, availability: "ready", detail: "groq:work" },
      { provider: "ollama", local: true, availability: "not needed", detail: expect.any(String) },
    ]);
  });

  test("are a table that fits 80 columns, and says more at 120", async () => {
    const narrow = await runOn(machine, "models list");
    expect(narrow.out.split("\n")).toEqual([
      "Model                      Context  Access     Tags",
      "anthropic/claude-opus-4-6       1M  ✗ expired  default, image, alias opus",
      "groq/llama-3.3-70b            131k  ✓ ready    fallback 1, alias fast",
      "ollama/qwen3                     -  ✓ keyless  fallback 2",
      "groq/unheard-of                  -  ✓ ready    missing",
      "",
      "4 models of 3 providers; nemo models list --all shows the catalogue.",
      "",
    ]);
    const wide = await runOn({ ...machine, env: { COLUMNS: "120" } }, "models list");
    expect(wide.out.split("\n").slice(0, 3)).toEqual([
      "Model                      Context  Output  TVR   $ in / out  Access     Tags",
      "anthropic/claude-opus-4-6       1M    128k  TVR       5 / 25  ✗ expired  default, image, alias opus",
      "groq/llama-3.3-70b            131k     33k  T··  0.59 / 0.79  ✓ ready    fallback 1, alias fast",
    ]);
  });

  test("one a line are what --plain prints", async () => {
    expect((await runOn(machine, "models list --plain")).out).toBe("anthropic/claude-opus-4-6\ngroq/llama-3.3-70b\nollama/qwen3\ngroq/unheard-of\n");
  });

  test("are those of the agent that is asked for", async () => {
    const config = { agents: { defaults: { model: { primary: "groq/guard:free" } }, list: [{ id: "main" }, { id: "two", model: "anthropic/claude-old" }] } };
    const files = { [CONFIG]: json(config) };
    expect((await reportOf("--agent two", { files })).models.map(({ key, tags }) => [key, tags])).toEqual([
      ["anthropic/claude-old", ["default", "deprecated"]],
    ]);
  });

  test("whose references lead nowhere are problems, and the others are listed", async () => {
    const files = { [CONFIG]: json({ agents: { defaults: { model: { primary: "grok/x", fallbacks: ["groq/guard:free"] }, models: { "nowhere/y": {} } } } }) };
    const report = await reportOf("", { files });
    expect(report.models.map(({ key }) => key)).toEqual(["groq/guard:free"]);
    expect(report.problems.map(({ code, subject }) => [code, subject])).toEqual([
      ["REF_BROKEN", "agents.defaults.model.primary"],
      ["REF_BROKEN", "agents.defaults.models.nowhere/y"],
    ]);
    const { out } = await runOn({ ...machine, files }, "models list");
    expect(out).toContain('✗ the default model "grok/x" leads nowhere: no provider is named "grok"');
    expect(out).toContain('→ Did you mean "groq"?');
  });

  test("are a sentence when there are none, and one document in JSON", async () => {
    const report = await reportOf("--provider openai");
    expect(report).toMatchObject({ count: 0, models: [], providers: [] });
    expect((await runOn(machine, "models list --provider openai")).out).toContain(
      "No configured model is of that kind. nemo models list --all --provider openai",
    );
    expect((await runOn(machine, "models list --provider openai --plain")).out.trim()).toBe("");
  });
});

describe("the catalogue", () => {
  test("is every model with facts, by provider and id; --ids adds the others", async () => {
    expect(await keys("--all")).toEqual(["anthropic/claude-old", "anthropic/claude-opus-4-6", "far-away/m", "groq/guard:free", "groq/llama-3.3-70b"]);
    expect(await keys("--ids")).toEqual([
      "anthropic/bare",
      "anthropic/claude-old",
      "anthropic/claude-opus-4-6",
      "far-away/m",
      "groq/guard:free",
      "groq/llama-3.3-70b",
      "listed/only",
    ]);
  });

  test("says of a provider that nobody defined that it cannot be asked", async () => {
    const report = await reportOf("--all --provider far-away");
    expect(report.models).toMatchObject([{ key: "far-away/m", local: null, available: null, availability: "missing", tags: [] }]);
    expect(report.providers[0]?.detail).toContain("nobody defined this provider");
  });

  test.each([
    ["--free", ["groq/guard:free"]],
    ["--tools", ["anthropic/claude-old", "anthropic/claude-opus-4-6", "groq/llama-3.3-70b"]],
    ["--vision", ["anthropic/claude-opus-4-6"]],
    ["--reasoning", ["anthropic/claude-opus-4-6"]],
    ["--min-context 131k", ["anthropic/claude-old", "anthropic/claude-opus-4-6", "groq/llama-3.3-70b"]],
    ["--min-context 1m", ["anthropic/claude-opus-4-6"]],
    ["--min-context 131073", ["anthropic/claude-old", "anthropic/claude-opus-4-6"]],
    ["--max-price 1", ["far-away/m", "groq/guard:free", "groq/llama-3.3-70b"]],
    ["--max-price 0.8", ["groq/guard:free", "groq/llama-3.3-70b"]],
    ["--max-price 0", ["groq/guard:free"]],
    ["--search LLAMA", ["groq/llama-3.3-70b"]],
    ["--search opus --tools --provider anthropic", ["anthropic/claude-opus-4-6"]],
    ["--search zzz", []],
    ["--all --local", []],
    ["--all --sort context", ["anthropic/claude-opus-4-6", "anthropic/claude-old", "groq/llama-3.3-70b", "groq/guard:free", "far-away/m"]],
    ["--all --sort output", ["anthropic/claude-opus-4-6", "groq/llama-3.3-70b", "anthropic/claude-old", "far-away/m", "groq/guard:free"]],
    ["--all --sort price", ["groq/guard:free", "groq/llama-3.3-70b", "far-away/m", "anthropic/claude-opus-4-6", "anthropic/claude-old"]],
    ["--all --sort released", ["groq/llama-3.3-70b", "anthropic/claude-old", "anthropic/claude-opus-4-6", "far-away/m", "groq/guard:free"]],
    ["--all --sort name", ["anthropic/claude-old", "anthropic/claude-opus-4-6", "groq/guard:free", "groq/llama-3.3-70b", "far-away/m"]],
  ])("%s gives %j", async (words, expected) => {
    expect(await keys(words)).toEqual(expected);
  });

  test("is a table of what models can do and cost, with a legend", async () => {
    expect((await runOn(machine, "models list --all --provider groq")).out.split("\n")).toEqual([
      "Model               Context  TVR   $ in / out  Access",
      "groq/guard:free          8k  ···         free  ✓ ready",
      "groq/llama-3.3-70b     131k  T··  0.59 / 0.79  ✓ ready",
      "",
      "2 models of 1 provider; --ids adds models of which only the id is known.",
      "T tools · V vision · R reasoning · $ for a million tokens in / out",
      "",
    ]);
    expect((await runOn(machine, "models list --search zzz")).out).toContain("No model of the catalogue matches. With --ids");
  });

  test("does not open shards of which only ids are known, unless they are asked for", async () => {
    const { ["catalog/listed.json"]: _, ...packaged } = machine.packaged;
    expect((await reportOf("--all", { packaged })).problems).toEqual([]);
    expect((await reportOf("--ids", { packaged })).problems).toMatchObject([{ code: "CATALOG_BROKEN" }]);
  });
});

describe("what was typed wrongly", () => {
  test.each([
    ["--provider grok", "PROVIDER_UNKNOWN", "groq"],
    ["--min-context 12x", "USAGE", "128k"],
    ["--min-context -1", "USAGE", ""],
    ["--max-price cheap", "USAGE", ""],
    ["--sort size", "USAGE", "context"],
    ["--fre", "USAGE", "--free"],
  ])("%s is %s and says what is right", async (words, code, says) => {
    const { exit, out } = await runOn(machine, `models list --json ${words}`);
    expect(exit).toBe(64);
    expect(JSON.parse(out).error).toMatchObject({ code });
    expect(out).toContain(says);
  });
});

test("hostile names from a catalogue reach no terminal as they are", async () => {
  const hostile = Object.fromEntries(HOSTILE.map((name, i) => [`m${i}`, { name, contextTokens: 1 }]));
  const packaged = embedded({ groq: hostile });
  for (const words of ["models list --all", "models list --all --json", "models list --all --plain"]) {
    const { out } = await runOn({ ...machine, packaged }, words);
    expect(harmfulIn(out.replaceAll("\n", ""))).toEqual([]);
  }
});

test("a model of the chain that names an account is as ready as that one, unless it is there without one as well", async () => {
  const listed = async (primary: string, ...fallbacks: string[]) => {
    const config = { agents: { defaults: { model: { primary, fallbacks } } } };
    const more = { files: { ...machine.files, [CONFIG]: json(config) } };
    const rows = [...(await reportOf("", more)).models, ...(await reportOf("--all --provider groq", more)).models];
    return rows.filter(({ key }) => key === "groq/llama-3.3-70b").map(({ availability, available }) => [availability, available]);
  };
  const [dead, fine] = [
    ["missing", false],
    ["ready", true],
  ];
  expect(await listed("groq/llama-3.3-70b@groq:gone")).toEqual([dead, dead]);
  expect(await listed("groq/llama-3.3-70b@groq:work")).toEqual([fine, fine]);
  expect(await listed("groq/llama-3.3-70b@groq:gone", "groq/llama-3.3-70b")).toEqual([fine, fine]);
});
