import { expect, test } from "vitest";
import { readModelsJson } from "../../src/config/models-json.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { fakeHost } from "../support/fake-host.ts";
import { load } from "./nemo.ts";

const FILE = "/agent/models.json";

function read(file: string | { unreadable: string }, env: Record<string, string> = {}) {
  const host = fakeHost({ files: { [FILE]: file } });
  const result = readModelsJson(host, load("{}", { env }), "/agent", (id) => id === "groq");
  expect(host.ran).toEqual([]);
  return result;
}

const rows = (text: string | { unreadable: string }) =>
  read(text).problems.map(({ code, severity, subject, message, place }) => `${place?.line}:${place?.column} ${code} ${severity} ${subject}: ${message}`);

test("no file is nothing", () => {
  expect(readModelsJson(fakeHost(), load("{}"), "/agent")).toEqual({ providers: [], problems: [] });
});

test("a generated file is read, with fields that we do not know", () => {
  const text = JSON.stringify({
    version: 9,
    providers: {
      Lab: {
        baseUrl: "http://127.0.0.1:1234/v1",
        api: "openai-completions",
        apiKey: "lab-key-1",
        authHeader: true,
        newField: {},
        models: [
          {
            id: "M",
            name: "Model",
            reasoning: false,
            input: ["text", "smell"],
            cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
            contextWindow: 200000,
            maxTokens: 8192,
            compat: { x: 1 },
            extra: 1,
          },
        ],
      },
      groq: { baseUrl: "https://proxy.example/groq" },
    },
  });
  expect(read(text)).toEqual({
    providers: [
      {
        id: "lab",
        origin: { kind: "models.json", file: FILE },
        baseUrl: "http://127.0.0.1:1234/v1",
        protocol: "openai-chat",
        apiKey: new Secret("lab-key-1"),
        models: [
          {
            provider: "lab",
            id: "M",
            name: "Model",
            contextTokens: 200000,
            outputTokens: 8192,
            input: ["text"],
            reasoning: false,
            usdPerMTok: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
          },
        ],
      },
      { id: "groq", origin: { kind: "models.json", file: FILE }, baseUrl: "https://proxy.example/groq", models: [] },
    ],
    problems: [],
  });
});

test("a key is a key, the name of a variable, or a command, which is never run", () => {
  const keys = [
    "literal-key",
    "LAB_KEY",
    "lower_set",
    "UNSET_NAME_KEY",
    "${LAB_KEY}",
    "!pass show lab",
    "qwen-oauth",
    "AWS_PROFILE",
    "AWS_BEARER_TOKEN_BEDROCK",
    " ",
  ];
  const { providers, problems } = read(
    JSON.stringify({ providers: Object.fromEntries(keys.map((apiKey, index) => [`p${index}`, { baseUrl: "http://x/v1", apiKey }])) }),
    { LAB_KEY: "v", lower_set: "v", AWS_PROFILE: "dev" },
  );
  expect(providers.map(({ apiKey, keyVariable }) => apiKey?.reveal() ?? keyVariable ?? null)).toEqual([
    "literal-key",
    "LAB_KEY",
    "lower_set",
    "UNSET_NAME_KEY",
    "LAB_KEY",
    null,
    null,
    null,
    "AWS_BEARER_TOKEN_BEDROCK",
    null,
  ]);
  expect(problems.map(({ severity, message }) => [severity, message])).toEqual([["note", 'the key of "p5" is a shell command, which is never run']]);
});

test("a broken file is one row with line and column", () => {
  expect(rows('{\n "providers": {,} }')).toEqual([
    "2:16 MODELS_JSON_BROKEN error /agent/models.json: models.json is not used: expected a key in double quotes, found `,`",
  ]);
  expect(rows("[]")).toEqual(['1:1 MODELS_JSON_BROKEN error /agent/models.json: models.json is not used: it has no object "providers"']);
  expect(rows('{ "providers": [] }')).toEqual(['1:1 MODELS_JSON_BROKEN error /agent/models.json: models.json is not used: it has no object "providers"']);
  expect(rows("")).toEqual(["1:1 MODELS_JSON_BROKEN error /agent/models.json: models.json is not used: the file is empty: expected a value, for example {}"]);
  expect(rows({ unreadable: "EACCES" })).toEqual([
    "undefined:undefined MODELS_JSON_BROKEN error /agent/models.json: models.json is not used: it cannot be read (EACCES)",
  ]);
});

test("one broken provider or model is a row, and the others go on", () => {
  const text = `{ "providers": {
  "a": { "baseUrl": 5 },
  "b": 7,
  "c": { "baseUrl": "http://c", "models": [{ "name": "x" }, { "id": "ok" }, { "id": "m", "contextWindow": "big" }] },
  "d": { "baseUrl": "http://d", "api": "nope" },
  "e": { "models": [] },
  "f": { "baseUrl": "http://f" }
} }`;
  expect(read(text).providers.map(({ id, models }) => [id, models.map((model) => model.id)])).toEqual([
    ["c", ["ok", "m"]],
    ["f", []],
  ]);
  expect(rows(text)).toEqual([
    "2:10 MODELS_JSON_BROKEN error a: providers.a.baseUrl must be text in quotes, not a number",
    "3:3 MODELS_JSON_BROKEN error b: providers.b must be an object, not a number",
    '4:44 MODELS_JSON_BROKEN warning c: providers.c.models[0] has no "id"',
    "4:90 MODELS_JSON_BROKEN warning c: providers.c.models[2].contextWindow must be a number above 0, not text",
    '5:33 MODELS_JSON_BROKEN error d: the api of "d" is not one that is known, so it is left out',
    '6:3 MODELS_JSON_BROKEN error e: the provider "e" has no baseUrl, so it is left out',
  ]);
});

test("no key is in a row", () => {
  expect(
    JSON.stringify(read('{ "providers": { "a": { "apiKey": ["sk-1"] }, "b": { "apiKey": "sk-2", "baseUrl": "sk-3" }, "c": sk-4 } }').problems),
  ).not.toMatch(/sk-\d/);
  expect(JSON.stringify(read('{ "providers": { "a": { "apiKey": ["sk-1"] }, "b": { "apiKey": "!sk-2", "baseUrl": "sk-3" } } }'))).not.toMatch(/sk-\d/);
});
