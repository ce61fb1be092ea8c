import { describe, expect, test } from "vitest";
import { type AgentEditFacts, type NewAgent, planAgentAdd, planAgentDefault, planAgentRemove } from "../../src/config/agent-edits.ts";
import { chooseAgent } from "../../src/config/agents.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { AppError } from "../../src/kernel/errors.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { CONFIG, nemo } from "./nemo.ts";

const LIST = ["agents", "list"];
const facts = (list: unknown, machine: FakeMachine = {}): AgentEditFacts => {
  const host = fakeHost({ ...machine, files: { [CONFIG]: JSON.stringify({ agents: { list } }) } });
  const config = loadConfig(host, nemo);
  return { host, names: nemo, config, agents: chooseAgent(host, config, nemo, undefined) };
};
const add = (id: string, list: unknown, more: Partial<NewAgent> = {}, machine: FakeMachine = {}) =>
  planAgentAdd({ id, name: undefined, dir: undefined, model: undefined, standing: "one of several", ...more }, facts(list, machine));
const refusal = (act: () => unknown): AppError => {
  try {
    act();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error("it was accepted");
};

describe("an agent is added", () => {
  test("at the end of the list, under an id that files can have", () => {
    expect(add("My Work!", [{ id: "main" }], { name: "At work", dir: "~/w", model: "groq/llama" })).toEqual({
      edits: [{ kind: "insert", path: LIST, index: 1, value: { id: "my-work", name: "At work", agentDir: "~/w", model: "groq/llama" } }],
      facts: { id: "my-work", alsoListed: undefined },
      warnings: [],
    });
  });

  test("behind main, which was there without being listed and stays the default", () => {
    expect(add("work", undefined)).toEqual({
      edits: [
        { kind: "insert", path: LIST, index: 0, value: { id: "main", default: true } },
        { kind: "insert", path: LIST, index: 1, value: { id: "work" } },
      ],
      facts: { id: "work", alsoListed: "main" },
      warnings: [],
    });
    expect(add("work", [], { standing: "default" }).edits).toMatchObject([{ value: { id: "main" } }, { value: { id: "work", default: true } }]);
    expect(add("main", []).edits).toEqual([{ kind: "insert", path: LIST, index: 0, value: { id: "main" } }]);
  });

  test("as the default in place of another", () => {
    expect(
      add(
        "work",
        [
          { id: "main", default: true },
          { id: "x", default: false },
        ],
        { standing: "default" },
      ).edits,
    ).toEqual([
      { kind: "remove", path: [...LIST, 0, "default"] },
      { kind: "insert", path: LIST, index: 2, value: { id: "work", default: true } },
    ]);
  });

  test("with a folder that is the same from everywhere", () => {
    expect(add("work", [{ id: "main" }], { dir: "w" }, { cwd: "/srv" }).edits).toMatchObject([{ value: { agentDir: "/srv/w" } }]);
  });

  test("not with the folder of another agent", () => {
    const { code, message } = refusal(() => add("work", [{ id: "main" }, { id: "x", agentDir: "/srv/x" }], { dir: "/srv/../srv/x/" }));
    expect([code, message]).toEqual(["CONFIG_AGENT_DIR_SHARED", "the folder is that of the agent x already"]);
    expect(refusal(() => add("work", [], { dir: "~/.nemo/agents/main/agent" })).code).toBe("CONFIG_AGENT_DIR_SHARED");
  });

  test("not under an id that is taken, or that is none", () => {
    expect(refusal(() => add("WORK", [{ id: "main" }, { id: "work" }]))).toMatchObject({
      code: "AGENT_EXISTS",
      message: 'an agent is configured as "work" already',
      hint: "Choose another id. Taken: main, work.",
    });
    expect([" ", "!!"].map((id) => refusal(() => add(id, [])).code)).toEqual(["USAGE", "USAGE"]);
    expect(refusal(() => add("sk-ant-api03-abcdefghijklmnopqrst", [])).message).not.toContain("sk-ant");
  });
});

describe("an agent is removed", () => {
  test("with every entry of its id; the default goes to the next", () => {
    expect(planAgentRemove("Work", facts([{ id: "work", default: true }, { id: "b" }, { id: "WORK" }, { id: "c" }]))).toMatchObject({
      edits: [
        { kind: "remove", path: [...LIST, 2] },
        { kind: "remove", path: [...LIST, 0] },
      ],
      facts: { agent: { id: "work", dir: "/home/me/.nemo/agents/work/agent" }, newDefault: "b" },
      warnings: [],
    });
    expect(planAgentRemove("b", facts([{ id: "a" }, { id: "b" }])).facts.newDefault).toBeUndefined();
  });

  test("main, whose folder elsewhere held the accounts of all, with a warning", () => {
    expect(planAgentRemove("main", facts([{ id: "main" }, { id: "b" }])).warnings).toEqual([]);
    expect(planAgentRemove("main", facts([{ id: "main", agentDir: "/srv/m" }, { id: "b" }])).warnings).toEqual([
      "The other agents see the accounts that main keeps. They are in /srv/m, and will be looked for in /home/me/.nemo/agents/main/agent from now on.",
    ]);
  });

  test("not the only one, listed or not", () => {
    expect(refusal(() => planAgentRemove("work", facts([{ id: "work" }]))).message).toBe("work is the only agent");
    expect(refusal(() => planAgentRemove("main", facts([]))).message).toBe("main is the only agent");
  });

  test("not one that there is not; a key is not repeated", () => {
    expect(refusal(() => planAgentRemove("wrok", facts([{ id: "main" }, { id: "work" }])))).toMatchObject({
      code: "AGENT_UNKNOWN",
      facts: { suggestions: ["work"] },
    });
    expect(refusal(() => planAgentRemove("gsk_0123456789abcdefghijklmno", facts([]))).message).not.toContain("gsk_");
  });
});

describe("the default agent is chosen", () => {
  test("and no other says so any more", () => {
    expect(
      planAgentDefault(
        "c",
        facts([
          { id: "a", default: true },
          { id: "b", default: true },
          { id: "c", default: false },
        ]),
      ),
    ).toEqual({
      edits: [
        { kind: "remove", path: [...LIST, 0, "default"] },
        { kind: "remove", path: [...LIST, 1, "default"] },
        { kind: "set", path: [...LIST, 2, "default"], value: true },
      ],
      facts: { id: "c", previous: "a" },
      warnings: [],
    });
  });

  test("and nothing changes when it is the default already, said or as the first", () => {
    expect(planAgentDefault("a", facts([{ id: "a" }, { id: "b" }])).edits).toEqual([]);
    expect(planAgentDefault("b", facts([{ id: "a" }, { id: "b", default: true }])).edits).toEqual([]);
    expect(planAgentDefault("main", facts([])).edits).toEqual([]);
  });

  test("from among several that say so", () => {
    expect(
      planAgentDefault(
        "a",
        facts([
          { id: "a", default: true },
          { id: "b", default: true },
        ]),
      ).edits,
    ).toEqual([{ kind: "remove", path: [...LIST, 1, "default"] }]);
  });

  test("by the place that it has in the file", () => {
    expect(planAgentDefault("c", facts([{ id: "${NOBODY_SET_THIS}" }, { id: "b" }, { id: "c" }])).edits).toEqual([
      { kind: "set", path: [...LIST, 2, "default"], value: true },
    ]);
  });
});
