import { describe, expect, test } from "vitest";
import type { ModelsShowReport } from "../../../../src/cli/model-page.ts";
import { embedded, type Models, STATE } from "../../../catalog/catalog-files.ts";
import { CONFIG, keyOf, STORE, storeOf } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const MODELS: Models = {
  groq: {
    "openai/gpt-oss-120b": {
      name: "GPT OSS 120B",
      protocol: "openai-chat",
      contextTokens: 131_072,
      input: ["text"],
      tools: true,
      usdPerMTok: { input: 0.15, output: 0.6 },
    },
    "whisper-large": undefined,
  },
  "far-away": { m: { contextTokens: 500 } },
};

const INDEX = `${STATE}/signalbox/catalogue/models-dev/index.json`;
const SHARD = `${STATE}/signalbox/catalogue/models-dev/a/groq.json`;

const machine = {
  packaged: embedded(MODELS),
  env: { COLUMNS: "80" },
  files: {
    [CONFIG]: json({
      agents: {
        defaults: {
          model: { primary: "big", fallbacks: ["lab/m1"] },
          models: { "groq/openai/gpt-oss-120b": { alias: "big" }, "groq/other": { alias: "BIG" }, "groq/third": { alias: "third" } },
        },
      },
      models: { providers: { lab: { baseUrl: "http://192.168.1.5:8000/v1", models: [{ id: "m1", name: "Mine", contextWindow: 4096 }] } } },
    }).replace('"BIG"', '"other"'),
    [STORE]: json(storeOf({ "groq:work": keyOf("groq", "gsk_x") })),
    [INDEX]: json({
      v: 1,
      folder: "a",
      takenOn: "2026-11-20",
      source: { url: "https://models.dev/api.json", checkedOn: "2026-11-20" },
      providers: [["groq", 1, 0]],
    }),
    [SHARD]:
      '{"v":1,"provider":"groq","sources":[["https://models.dev/api.json","2026-11-20"]],"protocols":[],"models":[["openai/gpt-oss-120b","GPT OSS",0,-1,200000,0,0,0,0,[0.2,0.6,-1,-1,[[1000,0.4,1.2]]]]],"ids":[]}',
  },
};

const reportOf = async (words: string, more = {}): Promise<ModelsShowReport> =>
  JSON.parse((await runOn({ ...machine, ...more }, `models show --json ${words}`)).out);

describe("a model of the catalogue", () => {
  test("is shown with every fact, its source and day, and what other sources say", async () => {
    const report = await reportOf("big");
    expect(report).toMatchObject({
      schemaVersion: 1,
      key: "groq/openai/gpt-oss-120b",
      provider: "groq",
      model: "openai/gpt-oss-120b",
      name: "GPT OSS",
      via: "alias",
      alias: "big",
      pinnedProfile: null,
      knows: "facts",
      origin: "refreshed",
      place: null,
      conflicts: ["contextTokens", "usdPerMTok"],
      priceSteps: [{ aboveTokens: 1000, usdPerMTok: { input: 0.4, output: 1.2 } }],
      endpoint: {
        label: "Groq",
        protocol: "openai-chat",
        baseUrl: "https://api.groq.com/openai/v1",
        local: false,
        auth: [{ kind: "api_key", env: ["GROQ_API_KEY"] }],
      },
      availability: "ready",
      availabilityDetail: "groq:work",
      aliases: ["big"],
      tags: ["default", "configured"],
      problems: [],
    });
    expect(report.facts.find(({ fact }) => fact === "contextTokens")).toEqual({
      fact: "contextTokens",
      value: 200_000,
      source: "https://models.dev/api.json",
      checkedOn: "2026-11-20",
      others: [{ value: 131_072, source: "https://example.com/package", checkedOn: "2026-11-10" }],
    });
    expect(report.facts.every(({ source, checkedOn }) => source !== "" && /^\d{4}-\d{2}-\d{2}$/.test(checkedOn))).toBe(true);
  });

  test("is a page on which contradictions stand out", async () => {
    expect((await runOn(machine, "models show big@groq:work")).out.split("\n")).toEqual([
      "groq/openai/gpt-oss-120b  GPT OSS",
      "default, configured, alias big, pinned to groq:work",
      "",
      "≠ context         200,000                                          [1]",
      "                  but 131,072                                      [2]",
      "  takes           text                                             [2]",
      "  calls tools     yes                                              [2]",
      "≠ $ per million   0.2 in, 0.6 out                                  [1]",
      "                  above 1,000 tokens: 0.4 in, 1.2 out",
      "                  but 0.15 in, 0.6 out                             [2]",
      "",
      "Asked at",
      "  provider        Groq",
      "  speaks          openai-chat",
      "  address         https://api.groq.com/openai/v1",
      "  access          ✓ ready (groq:work)",
      "  accepts         API key (GROQ_API_KEY)",
      "  docs            https://console.groq.com/docs/models",
      "",
      "Sources",
      "  [1]  2026-11-20  https://models.dev/api.json",
      "  [2]  2026-11-10  https://example.com/package",
      "",
    ]);
  });

  test("is lines of facts with --plain", async () => {
    const { out } = await runOn(machine, "models show big --plain");
    expect(out.split("\n").slice(0, 3)).toEqual(["name\tGPT OSS", "protocol\topenai-chat", "contextTokens\t200000"]);
    expect(out).toContain('usdPerMTok\t{"input":0.2,"output":0.6}');
  });

  test("of which only the id is known is shown as that", async () => {
    expect(await reportOf("groq/whisper-large")).toMatchObject({ knows: "ids", facts: [], conflicts: [] });
    expect((await runOn(machine, "models show groq/whisper-large")).out).toContain("A source lists this model, and states nothing else of it.");
  });

  test("when the refreshed catalogue is broken, the embedded one is shown and the fault is named", async () => {
    const report = await reportOf("big", { files: { ...machine.files, [SHARD]: "{" } });
    expect(report).toMatchObject({ origin: "embedded", problems: [{ code: "CATALOG_BROKEN", file: SHARD }] });
  });
});

test("a model that the person defined is shown with the place where it stands", async () => {
  const report = await reportOf("lab/m1");
  expect(report).toMatchObject({
    knows: "facts",
    origin: "config",
    name: "Mine",
    endpoint: { baseUrl: "http://192.168.1.5:8000/v1", local: true },
    tags: ["fallback#1"],
  });
  expect(report.facts.find(({ fact }) => fact === "contextTokens")).toMatchObject({ value: 4096, source: CONFIG, checkedOn: "2026-11-21" });
  expect(report.place?.file).toBe(CONFIG);
});

test("a reference that names an account is answered by that one alone", async () => {
  expect(await reportOf("groq/openai/gpt-oss-120b@groq:nothere")).toMatchObject({ availability: "missing", availabilityDetail: "no profile groq:nothere" });
  expect(await reportOf("groq/openai/gpt-oss-120b@groq:work")).toMatchObject({ availability: "ready", availabilityDetail: "groq:work" });
});

test("problems are those of its provider and its accounts, and not of one that has the name within its own", async () => {
  const broken = { baseUrl: "${NOT_SET}", models: [] };
  const config = { models: { providers: { groq: { baseUrl: "https://groq.example/v1", models: [] }, "groq-lab": broken, "my-groq": broken } } };
  const store = storeOf({ "groq:broken": { type: "api_key", provider: "groq", apiKey: "x" }, "my-groq:broken": { type: "nothing" } });
  const { problems } = await reportOf("groq/openai/gpt-oss-120b", { files: { [CONFIG]: json(config), [STORE]: json(store) } });
  expect(problems.map(({ code, subject }) => `${code} ${subject}`)).toEqual(["STORE_ENTRY_BROKEN groq:broken"]);
});

describe("a server of one's own whose models stand in the config", () => {
  const files = {
    [CONFIG]: json({
      models: {
        providers: {
          lab: {
            baseUrl: "http://127.0.0.1:1/v1",
            models: [
              { id: "m1", name: "m1" },
              { id: "m2", name: "Two" },
            ],
          },
        },
      },
    }),
  };
  const pageOf = async (words: string): Promise<string> => (await runOn({ ...machine, files }, `models show ${words}`)).out;

  test("lists a model of which it states nothing", async () => {
    expect(await pageOf("lab/m1")).toContain("~/.nemo/nemo.json lists this model, and states nothing else of it.");
  });

  test("does not list one that may be a slip, which is said with the nearest", async () => {
    const page = await pageOf("lab/m9");
    expect(page).toContain("The list of the models of lab does not have this one.");
    expect(page).toContain('none of the 2 models that are listed of lab is called "m9"');
    expect(page).not.toContain("nothing speaks against");
  });
});

describe("what is not known", () => {
  test("a model that no list of its provider has is an error that names the nearest", async () => {
    const { exit, out } = await runOn(machine, "models show groq/gpt-oss-12b --json");
    expect(exit).toBe(64);
    expect(JSON.parse(out).error).toMatchObject({
      code: "MODEL_UNKNOWN",
      suggestions: ["groq/openai/gpt-oss-120b"],
      message: 'none of the 2 models known of groq is called "gpt-oss-12b"',
    });
  });

  test("a model of a server of one's own, or of a provider without a list, is no error", async () => {
    expect(await reportOf("ollama/qwen3:8b")).toMatchObject({ knows: "nothing", facts: [], origin: null, availability: "not needed" });
    expect((await runOn(machine, "models show mistral/new-one")).out).toContain("No list of the models of mistral is known");
  });

  test("a provider that only the catalogue knows is shown, and cannot be asked", async () => {
    expect(await reportOf("far-away/m")).toMatchObject({
      knows: "facts",
      endpoint: { label: null, protocol: null, baseUrl: null, local: null },
      availability: "missing",
    });
    expect((await runOn(machine, "models show far-away/m")).out).toContain("provider        far-away (nobody defined it)");
  });

  test.each([
    ["grok/x", "PROVIDER_UNKNOWN"],
    ["groq/", "MODEL_REF_INVALID"],
  ])("%s is %s", async (ref, code) => {
    const { exit, out } = await runOn(machine, `models show ${ref} --json`);
    expect([exit, JSON.parse(out).error.code]).toEqual([64, code]);
  });
});
