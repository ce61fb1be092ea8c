import { expect, test } from "vitest";
import { keyPathText } from "../../src/config/key-path.ts";
import { settableKey, settablePath, settableValue } from "../../src/config/settable.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { load } from "./nemo.ts";

const config = load(`{
  agents: { list: [{ id: 'a' }], defaults: { model: 'x/y', models: { "openai/gpt-5.2": { alias: 'five' } } } },
  meta: { "dotted.key": { list: [1] } },
}`);

const key = (text: string): readonly (string | number)[] => settableKey(config, text).path;
const value = (written: string, at: string, how: "as fits" | "as text" = "as fits"): unknown => settableValue(written, settableKey(config, at), how);

function refusal(ask: () => unknown): string {
  try {
    ask();
  } catch (thrown) {
    if (thrown instanceof AppError) return `${thrown.code}: ${thrown.message} → ${thrown.hint}`;
    throw thrown;
  }
  return "accepted";
}

test.each([
  ["agents.defaults.imageModel.primary", ["agents", "defaults", "imageModel", "primary"]],
  ["agents.list[0].name", ["agents", "list", 0, "name"]],
  ["agents.list.1.id", ["agents", "list", 1, "id"]],
  ["agents.defaults.models.openai/gpt-5.2.alias", ["agents", "defaults", "models", "openai/gpt-5.2", "alias"]],
  ["agents.defaults.models.groq/new-1.5.alias", ["agents", "defaults", "models", "groq/new-1.5", "alias"]],
  ["agents.defaults.models.groq/new-1.5", ["agents", "defaults", "models", "groq/new-1.5"]],
  ["models.providers.my.lab.baseUrl", ["models", "providers", "my.lab", "baseUrl"]],
  ['models.providers["my.lab"].models[0].id', ["models", "providers", "my.lab", "models", 0, "id"]],
  ["auth.profiles.x:y.provider", ["auth", "profiles", "x:y", "provider"]],
  ["env.MY_REGION", ["env", "MY_REGION"]],
  ["meta.dotted.key.list.0", ["meta", "dotted.key", "list", 0]],
  ["meta.new.5", ["meta", "new", "5"]],
  ["agents.defaults.maxConcurrent", ["agents", "defaults", "maxConcurrent"]],
])("%s may be set", (text, path) => {
  expect(key(text)).toEqual(path);
});

test.each([
  ["", "USAGE: that is not a key path"],
  ["a[", "USAGE: that is not a key path"],
  ["agents.defalts.model", 'CONFIG_KEY_UNKNOWN: agents.defalts is not a known key → Did you mean "defaults"?'],
  ["auth.keys", "CONFIG_KEY_UNKNOWN: auth.keys is not a known key → Known here: profiles, order, cooldowns."],
  ["agent.model", "CONFIG_KEY_UNKNOWN: agent is an old key → It is agents.defaults now."],
  ["agents.defaults.model.fallback", 'CONFIG_KEY_UNKNOWN: agents.defaults.model.fallback is not a known key → Did you mean "fallbacks"?'],
  ["agents.list.first", 'CONFIG_KEY_UNKNOWN: agents.list is a list, and "first" is no position in it → Positions are counted from 0: agents.list[0].'],
  ["agents.list[7].id", "USAGE: agents.list has 1 item → The next position is agents.list[1]."],
  ["agents.defaults.model.fallbacks[1]", "USAGE: agents.defaults.model.fallbacks has 0 items → The next position is agents.defaults.model.fallbacks[0]."],
  ["[0]", "CONFIG_KEY_UNKNOWN: the config is no list: it has no position 0 → Its keys have names: `{cli} config get` shows them."],
  ["agents[0]", "CONFIG_KEY_UNKNOWN: agents is no list: it has no position 0 → Its keys have names: `{cli} config get` shows them."],
  ["agents.$include", "USAGE: an $include is written by hand"],
])("%j may not be set", (text, says) => {
  expect(refusal(() => key(text))).toContain(says);
});

test.each([
  ["groq/x", "agents.defaults.model", "groq/x"],
  ["'groq/x'", "agents.defaults.model", "groq/x"],
  ["{ primary: 'a/b', fallbacks: [] }", "agents.defaults.model", { primary: "a/b", fallbacks: [] }],
  ["5", "agents.list[0].name", "5"],
  ["~/work", "agents.defaults.workspace", "~/work"],
  ["true", "plugins.enabled", true],
  ["24", "auth.cooldowns.billingMaxHours", 24],
  ["['a/b']", "agents.defaults.modelPolicy.allow", ["a/b"]],
  ["hello there", "messages.prefix", "hello there"],
  ["Infinity", "messages.limit", Number.POSITIVE_INFINITY],
  ["[1, { a: null }]", "messages.prefix", [1, { a: null }]],
  ["${WHERE}/x", "agents.defaults.workspace", "${WHERE}/x"],
])("%s for %s", (written, at, wanted) => {
  expect(value(written, at)).toEqual(wanted);
});

test("--text takes whatever it is as text", () => {
  expect(value("[1]", "messages.prefix", "as text")).toBe("[1]");
  expect(refusal(() => value("true", "plugins.enabled", "as text"))).toBe(
    "USAGE: plugins.enabled must be true or false, not text → Write the value without quotes.",
  );
});

test.each([
  ["yes", "plugins.enabled", "USAGE: plugins.enabled must be true or false → Write true or false."],
  [
    "a/b",
    "agents.defaults.modelPolicy.allow",
    `USAGE: agents.defaults.modelPolicy.allow must be a list → Write it as JSON5, in single quotes for the shell: '["a", "b"]' or '{ a: 1 }'.`,
  ],
  ["-1", "auth.cooldowns.billingMaxHours", "USAGE: auth.cooldowns.billingMaxHours must be a number above 0 → Write a number above 0."],
  ["open", "gateway.streams.onCut", "USAGE: gateway.streams.onCut must be one of error, continue"],
  ["{ a: ", "messages.prefix", "USAGE: messages.prefix cannot be set to that: it begins like JSON5 and is none"],
  ["{ provider: 'x' }", "auth.profiles.x", 'USAGE: auth.profiles.x has no "mode" → Add "mode" there.'],
  ["5", "agents.defaults.model", "accepted"],
])("%s is checked for %s", (written, at, says) => {
  expect(refusal(() => value(written, at))).toContain(says);
});

test("a secret is refused wherever it would stand, and a reference to one is not", () => {
  const says = (written: string, at: string): string => refusal(() => value(written, at)).replace(/ → .*/, "");
  const refused = (at: string): string => `USAGE: ${at} would hold a secret, which others can see on a command line; nothing was written`;
  expect(says("abc", "models.providers.lab.apiKey")).toBe(refused("models.providers.lab.apiKey"));
  expect(says("abc", "env.vars.ANY")).toBe(refused("env.vars.ANY"));
  expect(says("abc", "env.ANY")).toBe(refused("env.ANY"));
  expect(says("abc", "channels.telegram.botToken")).toBe(refused("channels.telegram.botToken"));
  expect(says("{ baseUrl: 'http://x', headers: { 'X-Key': 'abc' } }", "models.providers.lab")).toBe(
    refused('models.providers.lab.headers["X-Key"]').replace('["X-Key"]', ".X-Key"),
  );
  expect(says(`sk-ant-api03-${"a1B2c3D4".repeat(12)}`, "agents.defaults.model")).toBe(refused("agents.defaults.model"));
  expect(value("${LAB_KEY}", "models.providers.lab.apiKey")).toBe("${LAB_KEY}");
  expect(value("Bearer ${LAB_KEY}", "models.providers.lab.headers.Authorization")).toBe("Bearer ${LAB_KEY}");
  expect(refusal(() => value("abc", "models.providers.my-lab.apiKey"))).toContain(
    "Keep it elsewhere: in a variable, and set '${MY_LAB_API_KEY}' here; or in the store, by `{cli} models auth paste-api-key --provider my-lab`.",
  );
});

test("a model named alone is the primary of a choice, unless the choice is text alone", () => {
  const shown = (at: string, before: unknown): string => keyPathText(settablePath(settableKey(config, at), "a/b", before));
  expect(shown("agents.defaults.model", "x/y")).toBe("agents.defaults.model");
  expect(shown("agents.defaults.imageModel", undefined)).toBe("agents.defaults.imageModel.primary");
  expect(shown("agents.defaults.imageModel", { primary: "x/y", fallbacks: [] })).toBe("agents.defaults.imageModel.primary");
  expect(shown("agents.defaults.workspace", undefined)).toBe("agents.defaults.workspace");
});
