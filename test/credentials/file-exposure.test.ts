import { describe, expect, test } from "vitest";
import { collectCredentials } from "../../src/credentials/collect.ts";
import type { FileFacts } from "../../src/kernel/host.ts";
import { HOME, keyOf, NAMES, openFacts, STORE, storeOf, type FactsInput } from "./open-facts.ts";

const AGENT = `${HOME}/.nemo/agents/main/agent`;
const store = (mode: number) => ({ [STORE]: { text: JSON.stringify(storeOf({ "openai:a": keyOf("openai") })), mode } });

/** What a run sees of a machine on which some paths have other facts. */
function seen(machine: FactsInput, facts: Readonly<Record<string, Partial<FileFacts>>> = {}) {
  const { host, config, agents, registry } = openFacts(machine);
  const inspect = (path: string): FileFacts | undefined => {
    const found = host.inspect(path);
    return found === undefined ? undefined : { ...found, ...facts[path] };
  };
  const { profiles, problems, storeExists } = collectCredentials({ host: { ...host, inspect }, names: NAMES, config, agents, registry });
  return { ids: profiles.map(({ id }) => id), problems: problems.map(({ severity, message, hint }) => ({ severity, message, hint })), storeExists };
}

describe("a store that others can read or write", () => {
  test.each([0o640, 0o604, 0o660, 0o602, 0o666, 0o777])("of mode %o is refused with the command that mends it", (mode) => {
    expect(seen({ files: store(mode), env: { GROQ_API_KEY: "gsk" } })).toEqual({
      ids: ["env:GROQ_API_KEY"],
      storeExists: true,
      problems: [
        {
          severity: "error",
          message: `the auth store can be read or written by other users of this machine (mode ${mode.toString(8)}); it was not read`,
          hint: "Run: chmod 600 ~/.nemo/agents/main/agent/auth-profiles.json",
        },
      ],
    });
  });

  test.each([0o600, 0o400, 0o700, 0o000])("of mode %o is nobody else's, and is read", (mode) => {
    expect(seen({ files: store(mode) })).toEqual({ ids: ["openai:a"], storeExists: true, problems: [] });
  });

  test("is read with a warning where the process says that the disk has no permissions", () => {
    const { ids, problems } = seen({ files: store(0o644), env: { NEMO_ALLOW_INSECURE_PERMS: "1" } });
    expect([ids, problems.map(({ severity }) => severity)]).toEqual([["openai:a"], ["warning"]]);
  });

  test("is not read because a .env file says so", () => {
    expect(seen({ files: { ...store(0o644), [`${HOME}/.nemo/.env`]: "NEMO_ALLOW_INSECURE_PERMS=1\n" } }).ids).toEqual([]);
  });

  test("is refused when it belongs to somebody else", () => {
    const { ids, problems } = seen({ files: store(0o600) }, { [STORE]: { isForeign: true } });
    expect([ids, problems]).toEqual([
      [],
      [
        {
          severity: "error",
          message: "the auth store belongs to another user of this machine; it was not read",
          hint: 'Run: sudo chown "$(id -un)" ~/.nemo/agents/main/agent/auth-profiles.json',
        },
      ],
    ]);
  });

  test("of the main agent is refused for a secondary one, too", () => {
    const config = { agents: { list: [{ id: "main" }, { id: "work" }] } };
    const work = { [`${HOME}/.nemo/agents/work/agent/auth-profiles.json`]: JSON.stringify(storeOf({ "groq:a": keyOf("groq") })) };
    expect(seen({ config, agent: "work", files: { ...store(0o644), ...work } }).ids).toEqual(["groq:a"]);
  });

  test("from an earlier version is refused likewise", () => {
    const text = JSON.stringify({ openai: { type: "api_key", key: "sk-legacy" } });
    const { ids, problems } = seen({ files: { [`${AGENT}/auth.json`]: { text, mode: 0o644 } } });
    expect([ids, problems.map(({ severity, message }) => [severity, message])]).toEqual([
      [],
      [["error", "the legacy auth.json can be read or written by other users of this machine (mode 644); it was not read"]],
    ]);
  });
});

describe("what surrounds a store", () => {
  test("a folder that others may enter is a warning", () => {
    const { ids, problems } = seen({ files: store(0o600) }, { [AGENT]: { mode: 0o755 } });
    expect([ids, problems]).toEqual([
      ["openai:a"],
      [
        {
          severity: "warning",
          message: "the folder of the auth store can be entered by other users of this machine (mode 755)",
          hint: "Run: chmod 700 ~/.nemo/agents/main/agent",
        },
      ],
    ]);
  });

  test("a backup that others can read is a warning: what is in it is known to them", () => {
    const { ids, problems } = seen({ files: { ...store(0o600), [`${STORE}.bak`]: { text: "{}", mode: 0o644 } } });
    expect([ids, problems.map(({ severity, hint }) => [severity, hint])]).toEqual([
      ["openai:a"],
      [["warning", `Run: chmod 600 ~${STORE.slice(HOME.length)}.bak`]],
    ]);
  });

  test("nothing is said where there are no such bits", () => {
    expect(seen({ files: store(0), platform: "win32" }, { [AGENT]: { mode: 0 } }).problems).toEqual([]);
  });
});

test("a path is quoted for the shell where it has to be", () => {
  const odd = `${HOME}/it's here/auth-profiles.json`;
  const files = { [odd]: { text: JSON.stringify(storeOf({})), mode: 0o644 } };
  const { problems } = seen({ files, env: { NEMO_AGENT_DIR: `${HOME}/it's here` } });
  expect(problems[0]?.hint).toBe(`Run: chmod 600 '${HOME}/it'\\''s here/auth-profiles.json'`);
});
