import { expect, test } from "vitest";
import { agentDirVariables } from "../../src/config/locate.ts";
import { chooseAgent } from "../../src/config/agents.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { fakeHost } from "../support/fake-host.ts";
import { CONFIG, load, nemo, refused } from "./nemo.ts";

function choose(text: string, { flag, env = {} }: { flag?: string; env?: Record<string, string> } = {}) {
  const host = fakeHost({ files: { [CONFIG]: text }, env });
  return chooseAgent(host, load(text, { env }), nemo, flag);
}

const TWO = "{ agents: { list: [{ id: 'Main' }, { id: 'work', name: 'Work', default: true, agentDir: '~/w', model: 'a/b' }] } }";

test("without a list there is one agent, main", () => {
  const main = { id: "main", dir: "/home/me/.nemo/agents/main/agent", isDefault: true, place: undefined };
  expect(choose("{}")).toEqual({
    all: [{ id: "main", dir: "/home/me/.nemo/agents/main/agent", isDefault: true }],
    chosen: main,
    chosenBy: "default",
    mainDir: main.dir,
  });
});

test("agents have normalised ids, their folder or the usual one, and their own model", () => {
  const { all, chosen, chosenBy, mainDir } = choose(TWO);
  expect(all).toEqual([
    { id: "main", dir: "/home/me/.nemo/agents/main/agent", isDefault: false, place: { file: CONFIG, line: 1, column: 20 } },
    { id: "work", name: "Work", dir: "/home/me/w", isDefault: true, model: { primary: "a/b" }, place: { file: CONFIG, line: 1, column: 36 } },
  ]);
  expect([chosen.id, chosenBy, mainDir]).toEqual(["work", "default", "/home/me/.nemo/agents/main/agent"]);
});

test("the first in the list is the default where none says so", () => {
  expect(choose("{ agents: { list: [{ id: 'b' }, { id: 'a' }] } }").chosen.id).toBe("b");
});

test("a folder from the environment is the default agent's for this run, and the main one; NEMO_AGENT_DIR is the stronger", () => {
  const env = { PI_CODING_AGENT_DIR: "/pi", NEMO_AGENT_DIR: "~/mine" };
  expect(agentDirVariables(nemo)).toEqual(["NEMO_AGENT_DIR", "PI_CODING_AGENT_DIR"]);
  const { chosen, chosenBy, variable, mainDir } = choose(TWO, { env });
  expect({ id: chosen.id, dir: chosen.dir, model: chosen.model, chosenBy, variable, mainDir }).toEqual({
    id: "work",
    dir: "/home/me/mine",
    model: { primary: "a/b" },
    chosenBy: "environment",
    variable: "NEMO_AGENT_DIR",
    mainDir: "/home/me/mine",
  });
  expect(choose(TWO, { env: { PI_CODING_AGENT_DIR: "/pi" } }).chosen.dir).toBe("/pi");
});

test("--agent wins over the environment, whatever its case, and the folder is then the agent's own", () => {
  const { chosen, chosenBy, variable, mainDir } = choose(TWO, { flag: " MAIN ", env: { NEMO_AGENT_DIR: "/mine" } });
  expect([chosen.id, chosen.dir, chosenBy, variable, mainDir]).toEqual(["main", "/home/me/.nemo/agents/main/agent", "flag", undefined, "/mine"]);
});

test("an unknown agent is refused with the known ids and the nearest", () => {
  const thrown = (flag: string): unknown => {
    try {
      return choose(TWO, { flag });
    } catch (error) {
      return error instanceof AppError ? [error.code, error.exit, error.message, error.hint, error.facts.suggestions] : error;
    }
  };
  expect(thrown("wrk")).toEqual([
    "AGENT_UNKNOWN",
    64,
    'no agent is configured as "wrk"',
    'Known: main, work. Did you mean "work"? `{cli} agents list` shows them.',
    ["work"],
  ]);
  expect(thrown("")).toEqual(["AGENT_UNKNOWN", 64, 'no agent is configured as ""', "Known: main, work. `{cli} agents list` shows them.", []]);
});

test("two agents with one folder are refused, with the place of the second", () => {
  const error = refused("{ agents: { list: [{ id: 'a', agentDir: '~/x' }, { id: 'b', agentDir: '/home/me/y/../x/' }] } }");
  expect([error.code, error.exit, error.message, error.facts.place]).toEqual([
    "CONFIG_AGENT_DIR_SHARED",
    78,
    "agents.list[0] and agents.list[1] have the same folder",
    { file: CONFIG, line: 1, column: 50 },
  ]);
});

test("case is no difference between folders on macOS and Windows, and is one elsewhere", () => {
  const text = "{ agents: { list: [{ id: 'a', agentDir: '/X' }, { id: 'b', agentDir: '/x' }] } }";
  expect(refused(text, { platform: "darwin" }).code).toBe("CONFIG_AGENT_DIR_SHARED");
  expect(refused(text, { platform: "win32" }).code).toBe("CONFIG_AGENT_DIR_SHARED");
  expect(load(text).problems).toEqual([]);
});

test("several defaults and repeated ids are rows, and the first counts", () => {
  const config = load("{ agents: { list: [{ id: 'a', default: true }, { id: 'b', default: true },\n { id: 'A' }] } }");
  expect(
    config.problems.map(({ code, severity, subject, message, place }) => ({ code, severity, subject, message, at: `${place?.line}:${place?.column}` })),
  ).toEqual([
    {
      code: "CONFIG_DUPLICATE_DEFAULT",
      severity: "warning",
      subject: "agents.list[1]",
      message: "agents.list[1] says default: true, and so does an agent before it; the first counts",
      at: "1:48",
    },
    {
      code: "CONFIG_AGENT_DIR_SHARED",
      severity: "warning",
      subject: "agents.list[2]",
      message: "agents.list[2] repeats the id of an agent before it; the first counts",
      at: "2:2",
    },
  ]);
  expect(chooseAgent(fakeHost(), config, nemo, undefined).all.map(({ id, isDefault }) => [id, isDefault])).toEqual([
    ["a", true],
    ["b", false],
  ]);
});

test("a default that repeats an id does not leave the run without an agent", () => {
  expect(choose("{ agents: { list: [{ id: 'a' }, { id: 'b' }, { id: 'a', default: true }] } }").chosen.id).toBe("a");
});
