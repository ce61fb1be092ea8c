import { expect, test } from "vitest";
import { findKey } from "../../src/config/find-key.ts";
import { keyPathText, parseKeyPath } from "../../src/config/key-path.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { load } from "./nemo.ts";

const CONFIG = load(
  `{
    env: { vars: { A: 'sk-1' }, B: 'sk-2', shellEnv: { enabled: true } },
    models: { providers: { lab: { baseUrl: 'https://user:sk-3@lab.example/v1', apiKey: 'sk-4', headers: { X: 'sk-5' }, models: [{ id: 'm', headers: { Y: 'sk-6' } }] } } },
    agents: { defaults: { model: '\${MODEL}', workspace: '\${HOME}/ws', models: { 'anthropic/claude-3.5': { alias: 'c' } }, cliBackends: { x: { args: ['\${MODEL}'] } } }, list: [{ id: 'a' }] },
    channels: { telegram: { botToken: 'sk-7', name: 'bot', webhookUrl: 'https://x/sk-8', nested: [{ signingKeys: ['sk-9'] }], fromVar: '\${SECRET}', gone: '\${GONE}' } },
  }`,
  { env: { MODEL: "a/b", HOME: "/home/me", SECRET: "sk-10" } },
);

test.each([
  ["agents.list[0].id", ["agents", "list", 0, "id"]],
  ["agents.list.0.id", ["agents", "list", 0, "id"]],
  ['auth.profiles["anthropic:work"].mode', ["auth", "profiles", "anthropic:work", "mode"]],
  ["auth.profiles['a\\'s']", undefined],
  ['["a\\"b"][ 3 ]', ['a"b', 3]],
  ["", []],
  ["a..b", undefined],
  ["a[", undefined],
])("%s is the path %j", (text, path) => {
  expect(parseKeyPath(text)).toEqual(path);
});

test("a path as text leads back to itself", () => {
  const path = ["models", "providers", "my lab.v2", "models", 3, 'a"b', "id"];
  expect(keyPathText(path)).toBe('models.providers["my lab.v2"].models[3]["a\\"b"].id');
  expect(parseKeyPath(keyPathText(path))).toEqual(path);
});

test("a value is found, also below a key with dots and by the long form of a model", () => {
  expect(findKey(CONFIG, "agents.defaults.models.anthropic/claude-3.5.alias")).toMatchObject({
    path: ["agents", "defaults", "models", "anthropic/claude-3.5", "alias"],
    value: "c",
  });
  expect(findKey(CONFIG, "agents.defaults.model.primary")).toMatchObject({ path: ["agents", "defaults", "model", "primary"], value: "a/b" });
  expect(findKey(CONFIG, "agents.defaults.workspace").value).toBe("/home/me/ws");
  expect(findKey(CONFIG, "agents.list[0]").value).toEqual({ id: "a" });
});

test("secrets are hidden wherever they stand, and so is what came from a variable into a place that we do not know", () => {
  const shown = findKey(CONFIG, "").value;
  expect(JSON.stringify(shown)).not.toMatch(/sk-\d/);
  expect(shown).toEqual({
    env: { vars: { A: "[secret]" }, B: "[secret]", shellEnv: { enabled: true } },
    models: {
      providers: {
        lab: { baseUrl: "https://[secret]@lab.example/v1", apiKey: "[secret]", headers: { X: "[secret]" }, models: [{ id: "m", headers: { Y: "[secret]" } }] },
      },
    },
    agents: {
      defaults: { model: "a/b", workspace: "/home/me/ws", models: { "anthropic/claude-3.5": { alias: "c" } }, cliBackends: { x: { args: ["[secret]"] } } },
      list: [{ id: "a" }],
    },
    channels: {
      telegram: { botToken: "[secret]", name: "bot", webhookUrl: "[secret]", nested: [{ signingKeys: ["[secret]"] }], fromVar: "[secret]", gone: null },
    },
  });
});

const unknown = (path: string): unknown => {
  try {
    return findKey(CONFIG, path);
  } catch (error) {
    return error instanceof AppError ? [error.code, error.message, error.hint, error.facts.suggestions] : error;
  }
};

test("an unknown key is refused with the nearest, an unset one says that it is not set", () => {
  expect(unknown("agents.defaults.workspce")).toEqual([
    "CONFIG_KEY_UNKNOWN",
    "there is no agents.defaults.workspce",
    "Did you mean agents.defaults.workspace?",
    ["agents.defaults.workspace"],
  ]);
  expect(unknown("models.providers.lap.baseUrl")).toEqual([
    "CONFIG_KEY_UNKNOWN",
    "models.providers.lap.baseUrl is not set",
    "Did you mean models.providers.lab?",
    ["models.providers.lab"],
  ]);
  expect(unknown("signalbox.catalogue.url")).toEqual([
    "CONFIG_KEY_UNKNOWN",
    "signalbox.catalogue.url is not set",
    "Set at the top: env, models, agents, channels.",
    [],
  ]);
  expect(unknown("agents.list[7].id")).toEqual(["CONFIG_KEY_UNKNOWN", "agents.list[7].id is not set", "Set in agents.list: 0.", []]);
  const top = "Set at the top: env, models, agents, channels.";
  expect(unknown("constructor")).toEqual(["CONFIG_KEY_UNKNOWN", "there is no constructor", top, []]);
  expect(unknown("__proto__.x")).toEqual(["CONFIG_KEY_UNKNOWN", "there is no __proto__.x", top, []]);
  expect(unknown("a[")).toEqual(["USAGE", "that is not a key path", 'For example: agents.list[0].model, or auth.profiles["anthropic:work"].', undefined]);
});

test("without a config every key is unset", () => {
  const none = { show: () => undefined };
  expect(() => findKey(none, "agents.defaults.model")).toThrow("agents.defaults.model is not set");
  expect(findKey(none, "").value).toEqual({});
});
