import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { fakeHost } from "../support/fake-host.ts";
import { CONFIG, faults, load, nemo, refused } from "./nemo.ts";

test("no file is an empty config", () => {
  const { value, exists, files, problems, path } = loadConfig(fakeHost(), nemo);
  expect({ value, exists, files, problems, path }).toEqual({ value: {}, exists: false, files: [], problems: [], path: CONFIG });
});

test("a real config is read: what we know is there, keys are secrets, a model written as text has its long form", () => {
  const config = load(`// mine
  {
    auth: { profiles: { 'anthropic:work': { provider: 'anthropic', mode: 'oauth', email: 'me@example.com' } }, order: { anthropic: ['anthropic:work'] } },
    models: { providers: { lab: { baseUrl: 'http://127.0.0.1:8080/v1', apiKey: 'lab-key', headers: { 'X-Team': 'blue' }, models: [{ id: 'm1', name: 'One' }] } } },
    agents: {
      defaults: { model: 'lab/m1', models: { 'lab/m1': { alias: 'fast', params: { temperature: 0.2 } } }, maxConcurrent: 4 },
      list: [{ id: 'main', default: true, model: { primary: 'lab/m1', fallbacks: [] }, tools: { deny: ['x'] } }],
    },
    messages: { ackReaction: 'x' },
    meta: { lastTouchedVersion: '2026.2.4' },
  }`);
  expect(config.problems).toEqual([]);
  expect(config.value).toEqual({
    auth: { profiles: { "anthropic:work": { provider: "anthropic", mode: "oauth", email: "me@example.com" } }, order: { anthropic: ["anthropic:work"] } },
    models: {
      providers: {
        lab: {
          baseUrl: "http://127.0.0.1:8080/v1",
          apiKey: new Secret("lab-key"),
          headers: { "X-Team": new Secret("blue") },
          models: [{ id: "m1", name: "One" }],
        },
      },
    },
    agents: {
      defaults: { model: { primary: "lab/m1" }, models: { "lab/m1": { alias: "fast", params: { temperature: 0.2 } } } },
      list: [{ id: "main", default: true, model: { primary: "lab/m1", fallbacks: [] } }],
    },
  });
  expect(config.value.models?.providers?.["lab"]?.apiKey?.reveal()).toBe("lab-key");
  expect(JSON.stringify(config.value)).not.toMatch(/lab-key|blue/);
});

test("the gateway section that agents share with us is accepted with their keys, which are not taken over", () => {
  expect(load("{ gateway: { port: 18789, mode: 'local', auth: { token: 'x' }, streams: { onCut: 'continue' } } }").value.gateway?.streams).toEqual({
    onCut: "continue",
  });
});

test("where keys stand is found out when it is asked for", () => {
  const config = load("{\n  agents: {\n    defaults: { model: 'a/b' },\n    list: [\n      { id: 'x' },\n      { id: 'y', name: 'Y' },\n    ],\n  },\n}");
  expect(config.placeOf(["agents", "list", 1])).toEqual({ file: CONFIG, line: 6, column: 7 });
  expect(config.placeOf(["agents", "list", 1, "name"])).toEqual({ file: CONFIG, line: 6, column: 18 });
  expect(config.placeOf(["agents", "defaults", "model"])).toEqual({ file: CONFIG, line: 3, column: 17 });
  expect(config.placeOf(["agents", "defaults", "model", "primary"])).toEqual({ file: CONFIG, line: 3, column: 17 });
  expect([
    config.placeOf(["agents", "list", 2]),
    config.placeOf(["agents", "defaults", "imageModel"]),
    config.placeOf(["nothing"]),
    config.placeOf([]),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

test("the places are those of the text that was parsed, also when the file has changed since", () => {
  const files = { [CONFIG]: "{ agents: {} }" };
  const config = loadConfig(fakeHost({ files }), nemo);
  files[CONFIG] = "changed";
  expect(config.placeOf(["agents"])).toEqual({ file: CONFIG, line: 1, column: 3 });
});

test.each([
  ["{ agents: { defaults: { modle: 'x' } } }", ['nemo.json:1:25 agents.defaults.modle is not a known key → Did you mean "model"?']],
  ["{ atuh: {} }", ['nemo.json:1:3 atuh is not a known key → Did you mean "auth"?']],
  ["{ auth: { profile: {} } }", ['nemo.json:1:11 auth.profile is not a known key → Did you mean "profiles"?']],
  ["{ auth: { zzzzzzz: 1 } }", ["nemo.json:1:11 auth.zzzzzzz is not a known key → Known here: profiles, order, cooldowns."]],
  ["{ signalbox: { nothing: 1 } }", [expect.stringMatching(/^nemo\.json:1:16 signalbox\.nothing is not a known key → Known here: licences, .*\.$/)]],
  [
    "{ plugins: { entries: { a: { enabled: 'yes' } } } }",
    ["nemo.json:1:39 plugins.entries.a.enabled must be true or false, not text → Write the value without quotes."],
  ],
  [
    "{ models: { providers: { lab: { baseUrl: 5 } } } }",
    ["nemo.json:1:42 models.providers.lab.baseUrl must be text in quotes, not a number → Put the value in quotes."],
  ],
  [
    "{ models: { providers: { 'my lab': { models: {} } } } }",
    ['nemo.json:1:46 models.providers["my lab"].models must be a list, not an object → Write a list.'],
  ],
  ["{ models: { providers: { lab: { models: [{ name: 'x' }] } } } }", ['nemo.json:1:42 models.providers.lab.models[0] has no "id" → Add "id" there.']],
  [
    "{ agents: { defaults: { model: { fallbacks: 'a/b' } } } }",
    ["nemo.json:1:45 agents.defaults.model.fallbacks must be a list, not text → Put it in brackets: [ … ]."],
  ],
  [
    "{ agents: { defaults: { model: 7 } } }",
    ["nemo.json:1:32 agents.defaults.model must be text in quotes, or an object with primary and fallbacks, not a number → Put the value in quotes."],
  ],
  ["{ agents: [] }", ["nemo.json:1:11 agents must be an object, not a list → Write an object."]],
  ["{ agents: null }", ["nemo.json:1:11 agents must be an object, not null → Take the key out to leave the setting at its default."]],
  [
    "{ auth: { profiles: { a: { provider: 'x', mode: 'tokn' } } } }",
    ['nemo.json:1:49 auth.profiles.a.mode must be one of api_key, oauth, token → Did you mean "token"?'],
  ],
  ["{ auth: { cooldowns: { billingMaxHours: -1 } } }", ["nemo.json:1:41 auth.cooldowns.billingMaxHours must be a number above 0 → Write a number above 0."]],
  [
    "{ auth: { cooldowns: { billingMaxHours: Infinity } } }",
    ["nemo.json:1:41 auth.cooldowns.billingMaxHours must be a number above 0 → Write a number above 0."],
  ],
  [
    "{ models: { bedrockDiscovery: { refreshInterval: 1.5 } } }",
    ["nemo.json:1:50 models.bedrockDiscovery.refreshInterval must be a whole number of at least 0 → Write a whole number of at least 0."],
  ],
  ["{ env: { PORT: 8080 } }", ["nemo.json:1:16 env.PORT must be text in quotes, not a number → Put the value in quotes."]],
  ["{ env: { Vars: {} } }", ['nemo.json:1:10 env.Vars is not a known key → Did you mean "vars"?']],
  ["[]", ["nemo.json:1:1 the config must be an object, not a list → Write an object."]],
  ["null", ["nemo.json:1:1 the config must be an object, not null → Write an object."]],
])("%s is refused, with place and next step", (text, expected) => {
  expect(faults(text)).toEqual(expected);
});

test("old flat keys are refused with their new place", () => {
  expect(faults("{ agent: { model: 'x', allowedModels: [], workspace: '~' }, modelAliases: {} }")).toEqual([
    "nemo.json:1:12 agent.model is an old key → It is agents.defaults.model.primary now.",
    "nemo.json:1:24 agent.allowedModels is an old key → It is agents.defaults.models, one key for each model now.",
    "nemo.json:1:43 agent.workspace is an old key → It is agents.defaults.workspace now.",
    "nemo.json:1:61 modelAliases is an old key → It is agents.defaults.models, as the alias of each model now.",
  ]);
});

test("sections and keys of the agents are accepted, whatever is in them", () => {
  const own =
    "messages commands meta tools channels session cron hooks web browser ui skills wizard logging update talk media memory bindings audio nodeHost".split(" ");
  const text = `{ ${own.map((key) => `${key}: { x: [1] }`).join(", ")}, agents: { defaults: { maxConcurrent: 1, sandbox: {}, heartbeat: {} }, list: [{ id: 'a', identity: {}, tools: {} }] } }`;
  expect(load(text).problems).toEqual([]);
});

test("one fault is the message itself; several are counted and all listed", () => {
  expect(refused("{ auth: 1 }")).toMatchObject({
    code: "CONFIG_INVALID",
    message: "auth must be an object, not a number",
    exit: 78,
    facts: { keyPath: "auth", place: { line: 1, column: 9 } },
  });
  const several = refused("{ auth: 1, models: 2 }");
  expect([several.message, several.facts.issues?.length, several.facts.place?.column]).toEqual(["the config has 2 faults", 2, 9]);
  const many = refused(`{ auth: { ${Array.from({ length: 300 }, (_, index) => `k${index}: 1`).join(", ")} } }`);
  expect([many.message, many.facts.issues?.length]).toEqual(["the config has at least 25 faults", 25]);
});

test("a syntax error names file, line, column and what was expected", () => {
  const error = refused("{\n  agents: {\n    list: [ { id: 'a' } }\n  }\n}");
  expect([error.code, error.message, error.facts.place]).toEqual([
    "CONFIG_SYNTAX",
    "expected `,` or `]` after the value, found `}`",
    { file: CONFIG, line: 3, column: 25 },
  ]);
  expect(refused("").facts.place).toEqual({ file: CONFIG, line: 1, column: 1 });
});

test("no error or row holds a value of the file or of the environment", () => {
  const secrets =
    "{ models: { providers: { lab: { apiKey: ['sk-1'], baseUrl: { a: 'sk-2' }, auth: true, headers: { a: ['${SECRET}'] } } } }, auth: { profiles: { a: { provider: 'sk-3', mode: 'sk-4' } } }, plugins: 'sk-5' }";
  const error = refused(secrets, { env: { SECRET: "sk-6" } });
  expect(error.facts.issues).toHaveLength(6);
  expect(JSON.stringify([error.message, error.facts])).not.toMatch(/sk-\d/);
  expect(JSON.stringify(refused("{ models: { providers: { lab: { apiKey: sk-secret } } } }").facts)).not.toContain("secret");
});

test("a file that is too large, not text or may not be read is one clear error", () => {
  const at = (file: string | { unreadable: string }) => {
    const { code, exit, message } = refused("", { files: { [CONFIG]: file } });
    return [code, exit, message];
  };
  expect(at(" ".repeat(1024 * 1024 + 1))).toEqual(["CONFIG_TOO_LARGE", 78, "the config file is larger than 1 MB (1048577 bytes)"]);
  expect(at({ unreadable: "EACCES" })).toEqual(["CONFIG_UNREADABLE", 78, "the config file cannot be read (EACCES)"]);
  expect(at({ unreadable: "ELOOP" })).toEqual(["CONFIG_UNREADABLE", 78, "the config file is a link that leads in a circle"]);
  expect(at("\uFFFD")).toEqual(["CONFIG_UNREADABLE", 78, "the config file is not UTF-8 text"]);
  expect(at("[".repeat(70))).toEqual(["CONFIG_TOO_LARGE", 78, "objects and lists are nested deeper than 64 levels here"]);
  expect(at(`${"[".repeat(70)}${"]".repeat(70)}`)).toEqual(["CONFIG_TOO_LARGE", 78, "objects and lists are nested deeper than 64 levels here"]);
});

test("__proto__ keys change nothing", () => {
  const config = load(
    '{ "__proto__": { "agents": { "list": 1 } }, agents: { __proto__: { defaults: {} } }, models: { providers: { __proto__: { baseUrl: "http://x/v1" }, constructor: {} } } }',
  );
  expect(config.value.agents?.defaults).toBeUndefined();
  expect(Object.keys(config.value.models?.providers ?? {})).toEqual(["__proto__", "constructor"]);
  expect(config.value.models?.providers?.["toString"]).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("agents");
});
