import { expect, test } from "vitest";
import { customProviders } from "../../src/config/custom-providers.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { CONFIG, load } from "./nemo.ts";

const read = (providers: string, env: Record<string, string> = {}) =>
  customProviders(load(`{ models: { providers: {\n${providers}\n} } }`, { env }), (id) => id === "groq");
const rows = (providers: string, env: Record<string, string> = {}) =>
  read(providers, env).problems.map(
    ({ code, severity, subject, message, hint, place }) => `${place?.line}:${place?.column} ${code} ${severity} ${subject}: ${message} → ${hint}`,
  );

test("an entry becomes a provider with its models, prices and key", () => {
  const { providers, problems } = read(
    `Lab: { baseUrl: ' https://lab.example/v1 ', apiKey: '\${LAB_KEY}', api: 'anthropic-messages', auth: 'api-key', models: [
      { id: 'M1', name: 'One', api: 'openai-responses', reasoning: true, input: ['text', 'image'], contextWindow: 1000, maxTokens: 100, cost: { input: 1, output: 2, cacheRead: 0.1 } }, { id: 'm2' } ] }`,
    { LAB_KEY: "k" },
  );
  expect(problems).toEqual([]);
  expect(providers).toEqual([
    {
      id: "lab",
      origin: { kind: "config", place: { file: CONFIG, line: 2, column: 1 } },
      baseUrl: "https://lab.example/v1",
      protocol: "anthropic-messages",
      apiKey: new Secret("k"),
      keyVariable: "LAB_KEY",
      authMode: "api-key",
      models: [
        {
          provider: "lab",
          id: "M1",
          name: "One",
          protocol: "openai-responses",
          contextTokens: 1000,
          outputTokens: 100,
          input: ["text", "image"],
          reasoning: true,
          usdPerMTok: { input: 1, output: 2, cacheRead: 0.1 },
        },
        { provider: "lab", id: "m2", name: "m2" },
      ],
    },
  ]);
  expect(providers[0]?.apiKey?.reveal()).toBe("k");
});

test("a key with text around its variable, a blank one and a placeholder of older agents name no variable and are no key", () => {
  const { providers } = read(
    "a: { baseUrl: 'http://a', apiKey: 'x-${K}' }, b: { baseUrl: 'http://b', apiKey: ' ' }, c: { baseUrl: 'http://c', apiKey: 'qwen-oauth' }",
    { K: "k" },
  );
  expect(providers.map(({ apiKey, keyVariable }) => [apiKey?.reveal(), keyVariable])).toEqual([
    ["x-k", undefined],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("four zeros say free only of a server of one's own", () => {
  const models = "models: [{ id: 'm', cost: { input: 0, output: 0 } }, { id: 'n', cost: { input: 0, output: 0.1 } }, { id: 'o', cost: { input: 1 } }]";
  const { providers } = read(
    `far: { baseUrl: 'https://far.example', ${models} }, near: { baseUrl: 'http://192.168.1.2:8080', ${models} }, groq: { ${models} }`,
  );
  const prices = providers.map((provider) => provider.models.map(({ usdPerMTok }) => usdPerMTok));
  const some = { input: 0, output: 0.1 };
  expect(prices).toEqual([
    [undefined, some, undefined],
    [{ input: 0, output: 0 }, some, undefined],
    [undefined, some, undefined],
  ]);
});

test("one broken entry is a row with place and nearest value, and the others go on", () => {
  const text = `
    ok: { baseUrl: 'http://ok' },
    a: { baseUrl: 'http://a', api: 'openai-completion' },
    b: { baseUrl: 'localhost:8080/v1' },
    c: { models: [] },
    d: { baseUrl: 'http://d', auth: 'apikey' },
    e: { baseUrl: 'https://' },
    f: { baseUrl: 'http://f', api: 'zzz' },
    groq: { apiKey: 'k' },`;
  expect(read(text).providers.map(({ id }) => id)).toEqual(["ok", "groq"]);
  expect(rows(text)).toEqual([
    '4:31 PROVIDER_ENTRY_BROKEN error a: the api of "a" is not one that is known, so the entry is left out → Did you mean "openai-completions"?',
    '5:10 PROVIDER_ENTRY_BROKEN error b: the baseUrl of "b" is not an address, so the entry is left out → Write it with http:// or https://, for example https://host/v1.',
    '6:5 PROVIDER_ENTRY_BROKEN error c: the provider "c" has no baseUrl, so the entry is left out → Add the address of its API, for example https://host/v1.',
    '7:31 PROVIDER_ENTRY_BROKEN error d: the auth of "d" is not one that is known, so the entry is left out → Did you mean "api-key"?',
    '8:10 PROVIDER_ENTRY_BROKEN error e: the baseUrl of "e" is not an address, so the entry is left out → Write it with http:// or https://, for example https://host/v1.',
    expect.stringContaining(
      '9:31 PROVIDER_ENTRY_BROKEN error f: the api of "f" is not one that is known, so the entry is left out → Known: openai-completions,',
    ),
  ]);
});

test("an unset variable breaks the entry only where it goes without nothing; a missing key or header leaves the provider", () => {
  const text = `
    a: { baseUrl: '\${GONE}/v1', apiKey: 'k' },
    b: { baseUrl: 'http://b', apiKey: '\${GONE}', headers: { 'X-A': '\${GONE2}' } },
    c: { baseUrl: 'http://c', models: [{ id: '\${GONE}' }, { id: 'm' }] },`;
  const { providers } = read(text);
  expect(providers.map(({ id, apiKey, models }) => [id, apiKey, models.map((model) => model.id)])).toEqual([
    ["b", undefined, []],
    ["c", undefined, ["m"]],
  ]);
  expect(rows(text)).toEqual([
    '3:10 PROVIDER_ENTRY_BROKEN error a: GONE is unset or empty, so the provider "a" has no baseUrl and is left out → Set GONE in the environment or in a .env file.',
    '4:31 CONFIG_VARIABLE_UNSET warning b: GONE is unset or empty, so the provider "b" goes without apiKey → Set GONE in the environment or in a .env file.',
    '4:61 CONFIG_VARIABLE_UNSET warning b: GONE2 is unset or empty, so the provider "b" goes without headers.X-A → Set GONE2 in the environment or in a .env file.',
    '5:42 CONFIG_VARIABLE_UNSET warning c: GONE is unset or empty, so the provider "c" goes without models[0].id → Set GONE in the environment or in a .env file.',
  ]);
  expect(load(`{ models: { providers: { ${text} } } }`).problems).toEqual([]);
});

test("a model with an unknown api is left out, and the others stay", () => {
  const text = "lab: { baseUrl: 'http://lab', models: [{ id: 'a', api: 'opnai-completions' }, { id: 'b' }, { id: ' ' }] }";
  expect(read(text).providers[0]?.models.map(({ id }) => id)).toEqual(["b"]);
  expect(rows(text)).toEqual([
    '2:51 PROVIDER_ENTRY_BROKEN warning lab: the api of models[0] is not one that is known, so it is left out → Did you mean "openai-completions"?',
    "2:94 PROVIDER_ENTRY_BROKEN warning lab: models[2] has a blank id, so it is left out → Write the id as the provider's API names it.",
  ]);
});

test("two entries that differ in case are one provider; the first counts", () => {
  const text = "Lab: { baseUrl: 'http://one' }, lab: { baseUrl: 'http://two' }";
  expect(read(text).providers.map(({ id, baseUrl }) => [id, baseUrl])).toEqual([["lab", "http://one"]]);
  expect(rows(text)).toEqual([
    '2:33 PLUGIN_DUPLICATE warning lab: models.providers has "lab" twice, for case does not count; the first counts → Merge the two entries.',
  ]);
});

test("what may be a secret is never in a row", () => {
  const text = "a: { baseUrl: 'sk-1', api: 'sk-2', auth: 'sk-3', apiKey: 'sk-4' }";
  expect(rows(text)).toHaveLength(3);
  expect(JSON.stringify(rows(text))).not.toMatch(/sk-\d/);
});
