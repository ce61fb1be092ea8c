import { describe, expect, test } from "vitest";
import type { AppError } from "../../src/kernel/errors.ts";
import { planAliasAdd, planAliasRemove } from "../../src/routing/alias-edits.ts";
import { type FactsInput, openFacts } from "../credentials/open-facts.ts";

const at = (key: string) => ["agents", "defaults", "models", key, "alias"];
const models = { "groq/llama": { alias: "Fast", params: { temperature: 0 } }, "anthropic/claude-opus-4-6": {}, "Z.AI/glm": {} };
const defaults = { models };
const facts = (agents: unknown, more: FactsInput & { signalbox?: unknown } = {}) =>
  openFacts({ ...more, config: { agents, ...(more.signalbox !== undefined && { signalbox: more.signalbox }) } });
const add = (alias: string, word: string, taken: "refuse" | "take it" = "refuse", agents: unknown = { defaults }) =>
  planAliasAdd({ alias, word, taken }, facts(agents));
const remove = (alias: string, agents: unknown = { defaults }) => planAliasRemove(alias, facts(agents));
const refusal = (act: () => unknown): AppError => {
  try {
    act();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error("it was accepted");
};

describe("an alias is given", () => {
  test("to a model that has no settings yet", () => {
    expect(add("mini", "openai/gpt-mini")).toMatchObject({
      edits: [{ kind: "set", path: at("openai/gpt-mini"), value: "mini" }],
      facts: { alias: "mini", replaced: undefined, takenFrom: [] },
      warnings: [],
    });
  });

  test("below the key that the model has already, however it is spelled there", () => {
    expect(add("glm", "zai/glm").edits).toEqual([{ kind: "set", path: at("Z.AI/glm"), value: "glm" }]);
  });

  test("to what another alias stands for, in its place, for a model has one", () => {
    expect(add("quick", "fast")).toMatchObject({ edits: [{ kind: "set", path: at("groq/llama"), value: "quick" }], facts: { replaced: "Fast" } });
    expect(add("best", "opus")).toMatchObject({ edits: [{ kind: "set", path: at("anthropic/claude-opus-4-6"), value: "best" }], facts: { replaced: "opus" } });
  });

  test("to a model with an account", () => {
    expect(add("mine", "openai/gpt@openai:work").edits).toEqual([{ kind: "set", path: at("openai/gpt@openai:work"), value: "mine" }]);
  });

  test("once: the same again changes nothing, other letters do", () => {
    expect(add("Fast", "groq/llama").edits).toEqual([]);
    expect(add("fast", "groq/llama")).toMatchObject({ edits: [{ kind: "set", path: at("groq/llama"), value: "fast" }], facts: { replaced: undefined } });
  });

  test("not when another model has it, in whatever letters, unless it is to be taken", () => {
    expect(refusal(() => add("FAST", "openai/gpt"))).toMatchObject({ code: "ALIAS_TAKEN", message: '"Fast" is the alias of groq/llama' });
    expect(refusal(() => add("opus", "openai/gpt")).message).toBe('"opus" is the built-in alias of anthropic/claude-opus-4-6');
    expect(add("FAST", "openai/gpt", "take it")).toMatchObject({
      edits: [
        { kind: "remove", path: at("groq/llama") },
        { kind: "set", path: at("openai/gpt"), value: "FAST" },
      ],
      facts: { takenFrom: ["groq/llama"] },
    });
    expect(add("opus", "openai/gpt", "take it").edits[0]).toEqual({ kind: "set", path: at("anthropic/claude-opus-4-6"), value: "" });
  });

  test("that consists of letters, digits and a few signs alone", () => {
    for (const alias of ["a/b", "ä", "a b", "", "a@b", "x".repeat(101)])
      expect([alias, refusal(() => add(alias, "fast")).code]).toEqual([alias, "ALIAS_INVALID"]);
    for (const alias of ["A.1:b_c-d", "__proto__", "constructor"])
      expect(add(alias, "fast").edits).toEqual([{ kind: "set", path: at("groq/llama"), value: alias }]);
  });

  test("not when it looks like a key; the error does not repeat it", () => {
    const { code, message, hint } = refusal(() => add("sk-ant-api03-abcdefghijklmnopqrst", "fast"));
    expect(code).toBe("ALIAS_INVALID");
    expect(message + hint).not.toContain("sk-ant");
  });

  test("by no agent alone", () => {
    expect(
      refusal(() => planAliasAdd({ alias: "a", word: "fast", taken: "refuse" }, facts({ defaults, list: [{ id: "work" }] }, { agent: "work" }))),
    ).toMatchObject({
      code: "USAGE",
      message: "aliases belong to all agents, so --agent cannot be given here",
    });
  });

  test("to a model of a program on this machine, which no vendor is called after", () => {
    const agents = { defaults: { cliBackends: { "my-cli": {} } } };
    expect(add("mine", "my-cli/opus", "refuse", agents).edits).toEqual([{ kind: "set", path: at("my-cli/opus"), value: "mine" }]);
  });
});

describe("it is said", () => {
  test("that an older agent takes the first entry for an allowlist", () => {
    expect(add("mini", "openai/gpt-mini", "refuse", {}).warnings).toEqual([
      "agents.defaults.models was empty. An older agent that reads this file now takes it for a list of the only models allowed beside the default one.",
    ]);
  });

  test("that a list of allowed models has one more", () => {
    const { warnings } = planAliasAdd({ alias: "mini", word: "openai/gpt", taken: "refuse" }, facts({ defaults }, { signalbox: { legacyAllowlist: true } }));
    expect(warnings).toEqual(["agents.defaults.models is a list of the only models allowed (signalbox.legacyAllowlist), and openai/gpt is on it now."]);
  });

  test("which places of the config mean another model now", () => {
    const agents = {
      defaults: { model: { primary: "groq/a", fallbacks: ["mixtral"] }, models: { "openai/x": {} } },
      list: [{ id: "main" }, { id: "work", model: "MIXTRAL" }],
    };
    expect(add("mixtral", "openai/gpt", "refuse", agents).warnings).toEqual([
      `agents.defaults.model.fallbacks[0] says "mixtral", which was a model's own name and means openai/gpt now.`,
      `agents.list[1].model.primary says "MIXTRAL", which was a model's own name and means openai/gpt now.`,
    ]);
    expect(add("mixtral", "groq/mixtral", "refuse", { defaults: agents.defaults }).warnings).toEqual([]);
  });

  test("which places of the config follow an alias that was taken elsewhere", () => {
    const agents = { defaults: { model: "fast", models } };
    expect(add("fast", "openai/gpt", "take it", agents).warnings).toEqual([
      'agents.defaults.model.primary says "fast", which meant groq/llama and means openai/gpt now.',
    ]);
  });

  test("which places of the config say an alias that is gone", () => {
    const agents = { defaults: { model: "fast", imageModel: { primary: "openai/x", fallbacks: ["fast"] }, models, modelPolicy: { allow: ["Fast"] } } };
    const said = [
      'agents.defaults.model.primary says "fast", which is no alias any more: write groq/llama there.',
      'agents.defaults.imageModel.fallbacks[0] says "fast", which is no alias any more: write groq/llama there.',
      'agents.defaults.modelPolicy.allow[0] says "Fast", which is no alias any more: write groq/llama there.',
    ];
    expect(remove("fast", agents).warnings).toEqual(said);
    expect(add("quick", "groq/llama", "refuse", agents).warnings).toEqual(said);
  });

  test("which models for refusals, and which names of clients, say it", () => {
    const signalbox = { routing: { contentPolicyFallbacks: ["groq/x", "fast"], formatFallbacks: ["Fast"] } };
    const gateway = { modelNames: { "gpt-*": "fast", "claude-*": "default", odd: "groq/llama" } };
    const config = { agents: { defaults: { models: { ...models, "groq/b": { alias: "default" } } } }, signalbox, gateway };
    expect(planAliasRemove("fast", openFacts({ config })).warnings).toEqual([
      'signalbox.routing.contentPolicyFallbacks[1] says "fast", which is no alias any more: write groq/llama there.',
      'signalbox.routing.formatFallbacks[0] says "Fast", which is no alias any more: write groq/llama there.',
      'gateway.modelNames["gpt-*"] says "fast", which is no alias any more: write groq/llama there.',
    ]);
    // For clients that word is the chain, whatever alias is called so.
    expect(planAliasRemove("default", openFacts({ config })).warnings).toEqual([]);
  });
});

describe("an alias is removed", () => {
  test("in whatever letters; all else of the entry stays", () => {
    expect(remove("FAST")).toEqual({
      edits: [{ kind: "remove", path: at("groq/llama") }],
      facts: { alias: "Fast", targets: ["groq/llama"], builtIn: false },
      warnings: [],
    });
  });

  test("that a model has by itself, by turning it off", () => {
    expect(remove("opus")).toMatchObject({ edits: [{ kind: "set", path: at("anthropic/claude-opus-4-6"), value: "" }], facts: { builtIn: true } });
  });

  test("of one of the six models without giving it its own one back", () => {
    const agents = { defaults: { models: { "anthropic/claude-opus-4-6": { alias: "best" } } } };
    expect(remove("best", agents).edits).toEqual([{ kind: "set", path: at("anthropic/claude-opus-4-6"), value: "" }]);
  });

  test("from every model that has it, or it would only change its meaning", () => {
    const agents = { defaults: { models: { "groq/a": { alias: "x" }, "groq/b": { alias: " X " } } } };
    expect(remove("x", agents)).toMatchObject({
      edits: [
        { kind: "remove", path: at("groq/a") },
        { kind: "remove", path: at("groq/b") },
      ],
      facts: { targets: ["groq/a", "groq/b"] },
    });
  });

  test("not one that there is not: the nearest are named, and the one of a model", () => {
    expect(refusal(() => remove("fsat"))).toMatchObject({
      code: "ALIAS_UNKNOWN",
      message: 'no model has the alias "fsat"',
      hint: '`{cli} models aliases list` shows them. Did you mean "Fast"?',
    });
    expect(refusal(() => remove("groq/llama"))).toMatchObject({ hint: 'groq/llama has the alias "Fast".', facts: { suggestions: ["Fast"] } });
    expect(refusal(() => remove("x", {})).hint).toBe("There are no aliases.");
  });
});
