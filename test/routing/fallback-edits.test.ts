import { describe, expect, test } from "vitest";
import type { AppError } from "../../src/kernel/errors.ts";
import { planFallbackAdd, planFallbackClear, planFallbackMove, planFallbackRemove } from "../../src/routing/fallback-edits.ts";
import { type FactsInput, openFacts } from "../credentials/open-facts.ts";

const PATH = ["agents", "defaults", "model", "fallbacks"];
const models = { "groq/llama": { alias: "fast" } };
const three = { model: { primary: "openai/gpt", fallbacks: ["fast", "nowhere/x", "groq/b@groq:work"] }, models };
const facts = (agents: unknown, more: FactsInput = {}) => openFacts({ config: { agents }, ...more });
const refusal = (act: () => unknown): AppError => {
  try {
    act();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error("it was accepted");
};

describe("a fallback is added", () => {
  test("at the end, as a reference", () => {
    expect(planFallbackAdd("model", { word: "z.ai/GLM" }, facts({ defaults: three }))).toMatchObject({
      edits: [
        { kind: "insert", path: PATH, index: 3, value: "zai/GLM" },
        { kind: "set", path: ["agents", "defaults", "models", "zai/GLM"], value: {} },
      ],
      facts: { fallbacks: ["fast", "nowhere/x", "groq/b@groq:work", "zai/GLM"], position: 4, agentId: undefined, startedOwn: false },
      warnings: [],
    });
  });

  test("at a position that people count from 1", () => {
    const { edits, facts: told } = planFallbackAdd("model", { word: "groq/c", at: 1 }, facts({ defaults: { model: three.model } }));
    expect(edits).toEqual([{ kind: "insert", path: PATH, index: 0, value: "groq/c" }]);
    expect(told.fallbacks).toEqual(["groq/c", "fast", "nowhere/x", "groq/b@groq:work"]);
  });

  test("counted without those whose variable is unset, which keep their place in the file", () => {
    const model = { fallbacks: ["${NOBODY_SET_THIS}", "groq/a", "${NOBODY_SET_THIS}"] };
    const at = (position?: number) =>
      planFallbackAdd("model", { word: "groq/c", ...(position !== undefined && { at: position }) }, facts({ defaults: { model } })).edits;
    expect([at(1), at(2), at()].map(([edit]) => edit)).toMatchObject([{ index: 1 }, { index: 3 }, { index: 3 }]);
  });

  test("to a list that is not there yet, which is then written whole", () => {
    expect(planFallbackAdd("model", { word: "groq/a" }, facts({ defaults: { model: "openai/gpt" } })).edits).toEqual([
      { kind: "set", path: PATH, value: ["groq/a"] },
    ]);
    expect(planFallbackAdd("imageModel", { word: "groq/a" }, facts(undefined)).edits).toEqual([
      { kind: "set", path: ["agents", "defaults", "imageModel", "fallbacks"], value: ["groq/a"] },
    ]);
  });

  test("once: by what it resolves to, the account included", () => {
    const add = (word: string) => planFallbackAdd("model", { word }, facts({ defaults: three }));
    expect([add("groq/llama"), add("FAST"), add("groq/b@groq:work")].map(({ edits, facts: { position } }) => [edits, position])).toEqual([
      [[], 1],
      [[], 1],
      [[], 3],
    ]);
    expect(add("groq/b").edits).toHaveLength(2);
  });

  test("with a warning when it is the default model itself", () => {
    expect(planFallbackAdd("model", { word: "openai/gpt" }, facts({ defaults: { model: "openai/gpt" } })).warnings).toEqual([
      "openai/gpt is the default model itself: as its own fallback it answers nothing that it did not answer before.",
    ]);
  });

  test("with a warning when the default agent has a list of its own", () => {
    const agents = { defaults: three, list: [{ id: "day", model: { fallbacks: [] } }] };
    expect(planFallbackAdd("model", { word: "groq/c" }, facts(agents)).warnings).toEqual([
      "The default agent day has fallbacks of its own, which still count for it: `{cli} models fallbacks list --agent day`.",
    ]);
  });

  test("not where a list of allowed models keeps it out; the error names that list", () => {
    const defaults = { ...three, modelPolicy: { allow: ["openai/*", "fast"] } };
    expect(planFallbackAdd("model", { word: "openai/mini" }, facts({ defaults })).edits).toHaveLength(2);
    expect(refusal(() => planFallbackAdd("model", { word: "groq/c" }, facts({ defaults })))).toMatchObject({
      code: "MODEL_NOT_ALLOWED",
      message: "agents.defaults.modelPolicy.allow is a list of the only models allowed, and groq/c is not on it",
      hint: "A fallback that is not on it is never asked. Add it there first: `{cli} config set 'agents.defaults.modelPolicy.allow[2]' groq/c`.",
    });
    const byHand = openFacts({ config: { agents: { defaults: three }, signalbox: { legacyAllowlist: true } } });
    expect(refusal(() => planFallbackAdd("model", { word: "groq/c" }, byHand)).hint).toBe(
      "A fallback that is not on it is never asked. Add it there first: `{cli} config set 'agents.defaults.models[\"groq/c\"]' '{}'`.",
    );
  });

  test("not outside the list", () => {
    expect(refusal(() => planFallbackAdd("model", { word: "groq/c", at: 5 }, facts({ defaults: three })))).toMatchObject({
      code: "USAGE",
      message: "--at 5 is outside the list: possible are 1 to 4",
    });
  });
});

describe("an agent without a list of its own", () => {
  const agents = { defaults: { model: { fallbacks: ["${FAST}", "groq/b"] } }, list: [{ id: "work", model: "openai/gpt" }] };
  const at = { agent: "work", env: { FAST: "groq/a" } };
  const OWN = ["agents", "list", 0, "model", "fallbacks"];

  test("gets one that begins as what it used, without a value of the environment", () => {
    expect(planFallbackAdd("model", { word: "groq/c" }, facts(agents, at))).toMatchObject({
      edits: [{ kind: "set", path: OWN, value: ["${FAST}", "groq/b", "groq/c"] }],
      facts: { fallbacks: ["groq/a", "groq/b", "groq/c"], agentId: "work", startedOwn: true },
    });
  });

  test("loses one of them, or gets another order, without losing the others", () => {
    expect(planFallbackRemove("model", "groq/b", facts(agents, at))).toMatchObject({
      edits: [{ kind: "set", path: OWN, value: ["${FAST}"] }],
      facts: { fallbacks: ["groq/a"], removed: ["groq/b"], startedOwn: true },
    });
    expect(planFallbackMove("model", { word: "groq/b", to: 1 }, facts(agents, at)).edits).toEqual([{ kind: "set", path: OWN, value: ["groq/b", "${FAST}"] }]);
  });

  test("is left alone by what it inherits already", () => {
    expect(planFallbackAdd("model", { word: "groq/b" }, facts(agents, at))).toMatchObject({ edits: [], facts: { position: 2, startedOwn: false } });
  });

  test("gets an empty one by `clear`, which turns the common one off", () => {
    expect(planFallbackClear("model", facts(agents, at))).toMatchObject({
      edits: [{ kind: "set", path: OWN, value: [] }],
      facts: { fallbacks: [], removed: ["groq/a", "groq/b"], startedOwn: true },
    });
  });

  test("is main, listed nowhere: it is listed then", () => {
    expect(planFallbackAdd("model", { word: "groq/c" }, facts({ defaults: agents.defaults }, { ...at, agent: "main" })).edits).toEqual([
      { kind: "insert", path: ["agents", "list"], index: 0, value: { id: "main", model: { fallbacks: ["${FAST}", "groq/b", "groq/c"] } } },
    ]);
  });

  test("cannot copy a fallback that is put together from variables", () => {
    const mixed = { defaults: { model: { fallbacks: ["groq/${FAST}"] } }, list: [{ id: "work" }] };
    expect(refusal(() => planFallbackAdd("model", { word: "groq/c" }, facts(mixed, at))).code).toBe("CONFIG_EDIT_REFUSED");
  });
});

describe("fallbacks are removed", () => {
  const list = (...fallbacks: string[]) => facts({ defaults: { model: { fallbacks }, models } });
  const removed = (word: string, ...fallbacks: string[]) => planFallbackRemove("model", word, list(...fallbacks));

  test("every entry of that model, the last one first, so that no other one moves", () => {
    expect(removed("groq/llama", "fast", "openai/a", "groq/llama@groq:work")).toMatchObject({
      edits: [
        { kind: "remove", path: [...PATH, 2] },
        { kind: "remove", path: [...PATH, 0] },
      ],
      facts: { fallbacks: ["openai/a"], removed: ["fast", "groq/llama@groq:work"] },
    });
  });

  test("with an account, only those with it", () => {
    expect(removed("fast@groq:work", "fast", "groq/llama@groq:work").edits).toEqual([{ kind: "remove", path: [...PATH, 1] }]);
  });

  test("one that leads nowhere, as it is written", () => {
    expect(removed("nowhere/x", "fast", "nowhere/x").edits).toEqual([{ kind: "remove", path: [...PATH, 1] }]);
  });

  test("not one that is not there: the nearest are named, a key is not", () => {
    expect(refusal(() => removed("groq/lama", "fast", "openai/a"))).toMatchObject({
      code: "FALLBACK_UNKNOWN",
      hint: 'The list: fast, openai/a. Did you mean "groq/llama"?',
      facts: { suggestions: ["groq/llama"] },
    });
    expect(refusal(() => removed("gsk_0123456789abcdefghijklmno", "fast")).message).not.toContain("gsk_");
  });
});

describe("a fallback is moved", () => {
  const moved = (word: string, to: number) => planFallbackMove("model", { word, to }, facts({ defaults: three }));

  test("to a position that people count from 1", () => {
    expect(moved("fast", 3)).toMatchObject({
      edits: [{ kind: "move", path: PATH, from: 0, to: 2 }],
      facts: { fallbacks: ["nowhere/x", "groq/b@groq:work", "fast"], moved: "fast", from: 1, to: 3 },
    });
    expect(moved("groq/b", 1)).toMatchObject({ edits: [{ from: 2, to: 0 }], facts: { fallbacks: ["groq/b@groq:work", "fast", "nowhere/x"] } });
  });

  test("nowhere when it is there already", () => {
    expect(moved("nowhere/x", 2).edits).toEqual([]);
  });

  test("not out of the list", () => {
    expect(refusal(() => moved("fast", 4)).code).toBe("USAGE");
  });

  test("not when several accounts of the model could be meant", () => {
    const twice = (...fallbacks: string[]) => planFallbackMove("model", { word: "groq/a", to: 1 }, facts({ defaults: { model: { fallbacks } } }));
    expect(refusal(() => twice("openai/b", "groq/a@groq:x", "groq/a@groq:y"))).toMatchObject({
      code: "USAGE",
      hint: "Say which one, with its account: groq/a@groq:x or groq/a@groq:y.",
    });
    expect(twice("groq/a@groq:x", "groq/a").edits).toEqual([{ kind: "move", path: PATH, from: 1, to: 0 }]);
  });
});

describe("the list is cleared", () => {
  test("and stays, empty", () => {
    expect(planFallbackClear("model", facts({ defaults: three })).edits).toEqual([{ kind: "set", path: PATH, value: [] }]);
  });

  test("not when nothing is in it", () => {
    expect(planFallbackClear("model", facts({ defaults: { model: { fallbacks: [] } } })).edits).toEqual([]);
    expect(planFallbackClear("imageModel", facts(undefined)).edits).toEqual([]);
  });
});
