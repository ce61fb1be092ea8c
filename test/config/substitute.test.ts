import { expect, test } from "vitest";
import { CONFIG, load, refused } from "./nemo.ts";

const workspace = (text: string, env: Record<string, string> = {}) =>
  load(`{ agents: { defaults: { workspace: '${text}' } } }`, { env }).value.agents?.defaults?.workspace;

test.each([
  ["${A}", "1"],
  ["x${A}y${_B2}z", "x1y2z"],
  ["$${A}", "${A}"],
  ["$$${A}", "$${A}"],
  ["$A ${a} ${} ${A", "$A ${a} ${} ${A"],
  ["${C}", "${A}"],
])("%s becomes %s", (text, result) => {
  expect(workspace(text, { A: "1", _B2: "2", C: "${A}" })).toBe(result);
});

test("keys are left alone", () => {
  expect(load("{ agents: { defaults: { models: { '${A}': {} } } } }", { env: { A: "1" } }).value.agents?.defaults?.models).toEqual({ "${A}": {} });
});

test("variables of the config's own env section count, and may themselves name variables of the process", () => {
  const config = load("{ agents: { defaults: { workspace: '${A}/${B}' } }, env: { A: '${HOME}/x', vars: { B: 'b' } } }", { env: { HOME: "/home/me" } });
  expect(config.value.agents?.defaults?.workspace).toBe("/home/me/x/b");
});

test("an unset or blank variable leaves out its text, and is a row with variable, key, file, line and column; the rest goes on", () => {
  const config = load(
    "{\n  agents: { defaults: {\n    workspace: 'a${GONE}${BLANK}${SET}',\n    model: { primary: 'a/b', fallbacks: ['${GONE}', 'c/d'] } } } }",
    { env: { BLANK: " ", SET: "s3cret" } },
  );
  expect(config.value.agents?.defaults).toEqual({ model: { primary: "a/b", fallbacks: ["c/d"] } });
  expect(config.problems).toEqual([
    {
      code: "CONFIG_VARIABLE_UNSET",
      severity: "warning",
      subject: "agents.defaults.workspace",
      message: "GONE and BLANK are unset or empty, so agents.defaults.workspace is left out",
      hint: "Set GONE and BLANK in the environment or in a .env file, or take the key out.",
      place: { file: CONFIG, line: 3, column: 16 },
    },
    {
      code: "CONFIG_VARIABLE_UNSET",
      severity: "warning",
      subject: "agents.defaults.model.fallbacks[0]",
      message: "GONE is unset or empty, so agents.defaults.model.fallbacks[0] is left out",
      hint: "Set GONE in the environment or in a .env file, or take the key out.",
      place: { file: CONFIG, line: 4, column: 42 },
    },
  ]);
});

test("an entry whose required text is missing for want of a variable is left out, not an error", () => {
  const config = load(
    "{ auth: { profiles: { a: { provider: '${GONE}', mode: 'token' }, b: { provider: 'x', mode: 'token' } } }, agents: { list: [{ id: '${GONE}' }, { id: 'b' }] } }",
  );
  expect(config.value).toEqual({ auth: { profiles: { b: { provider: "x", mode: "token" } } }, agents: { list: [{ id: "b" }] } });
  expect(config.problems.map(({ subject }) => subject)).toEqual(["auth.profiles.a.provider", "agents.list[0].id"]);
});

test("sections of the agents and of plugins may name unset variables too", () => {
  const config = load("{ channels: { telegram: { botToken: '${GONE}' } }, plugins: { entries: { p: { config: { a: ['${GONE}', 1], b: '${GONE}' } } } } }");
  expect(config.value.plugins).toEqual({ entries: { p: { config: { a: [1] } } } });
  expect(config.problems.map(({ subject }) => subject)).toEqual(["channels.telegram.botToken", "plugins.entries.p.config.a[0]", "plugins.entries.p.config.b"]);
});

test("a text made of variables may not grow without bound", () => {
  const error = refused(`{ x: '${"${A}".repeat(100)}' }`, { env: { A: "a".repeat(100_000) } });
  expect([error.code, error.message]).toEqual(["CONFIG_TOO_LARGE", "the variables that the config names make it larger than 4 MB"]);
});

test("a wrong value that came from a variable is refused without being quoted", () => {
  const error = refused("{ auth: { profiles: { a: { provider: 'x', mode: '${MODE}' } } } }", { env: { MODE: "s3cret" } });
  expect(JSON.stringify([error.message, error.facts])).not.toContain("s3cret");
  expect(error.message).toBe("auth.profiles.a.mode must be one of api_key, oauth, token");
});
