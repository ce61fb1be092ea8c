import { describe, expect, test } from "vitest";
import type { AppError } from "../../src/kernel/errors.ts";
import { type ChosenModels, planChosenModels } from "../../src/routing/chosen-fallbacks.ts";
import { type FactsInput, openFacts } from "../credentials/open-facts.ts";

const PATH = ["agents", "defaults", "model", "fallbacks"];
const PRIMARY = ["agents", "defaults", "model", "primary"];
const IMAGES = ["agents", "defaults", "imageModel", "fallbacks"];

const choice = (words: readonly string[], more: Partial<ChosenModels> = {}): ChosenModels => ({
  kind: "model",
  words,
  how: "replace",
  primary: "kept",
  ...more,
});
const planned = (defaults: unknown, choices: readonly ChosenModels[], more: FactsInput = {}) =>
  planChosenModels(choices, openFacts({ config: { agents: { defaults } }, ...more }));

describe("a choice of fallbacks", () => {
  test("replaces what was there, and says what that was", () => {
    const { edits, facts, warnings } = planned({ model: { primary: "openai/gpt", fallbacks: ["groq/a", "groq/b"] } }, [choice(["groq/b", "zai/c"])]);
    expect([edits, warnings]).toEqual([[{ kind: "set", path: PATH, value: ["groq/b", "zai/c"] }], []]);
    expect(facts).toEqual([
      { kind: "model", fallbacks: ["groq/b", "zai/c"], removed: ["groq/a"], agentId: undefined, startedOwn: false, primary: undefined, previous: undefined },
    ]);
  });

  test("goes after what is there, each once, and nothing else moves", () => {
    const { edits, facts } = planned({ model: { primary: "openai/gpt", fallbacks: ["groq/a", "groq/b"] } }, [
      choice(["groq/b", "zai/c", "zai/d"], { how: "append" }),
    ]);
    expect(edits).toEqual([
      { kind: "insert", path: PATH, index: 2, value: "zai/c" },
      { kind: "insert", path: PATH, index: 3, value: "zai/d" },
    ]);
    expect(facts).toMatchObject([{ fallbacks: ["groq/a", "groq/b", "zai/c", "zai/d"], removed: [] }]);
  });

  test("leaves a place to those whose variable is unset, or names them when they go", () => {
    const model = { fallbacks: ["${NOBODY_SET_THIS}", "groq/a"] };
    expect(planned({ model }, [choice(["groq/b"], { how: "append" })]).edits).toEqual([{ kind: "insert", path: PATH, index: 2, value: "groq/b" }]);
    expect(planned({ model }, [choice(["groq/b"])]).facts).toMatchObject([{ removed: ["${NOBODY_SET_THIS}", "groq/a"] }]);
  });

  test("starts a list where there is none", () => {
    for (const how of ["replace", "append"] as const)
      expect(planned({ model: "openai/gpt" }, [choice(["groq/a"], { how })]).edits).toEqual([{ kind: "set", path: PATH, value: ["groq/a"] }]);
  });

  test("that is there already changes nothing", () => {
    const model = { primary: "openai/gpt", fallbacks: ["groq/a"] };
    for (const how of ["replace", "append"] as const) {
      const { edits, facts } = planned({ model }, [choice(["groq/a"], { how })]);
      expect([edits, facts]).toMatchObject([[], [{ fallbacks: ["groq/a"], removed: [] }]]);
    }
  });

  test("leaves out the default model, which is asked before them", () => {
    expect(planned({ model: "openai/gpt" }, [choice(["openai/gpt", "groq/a"])]).facts).toMatchObject([{ fallbacks: ["groq/a"] }]);
  });
});

describe("the first of them", () => {
  test("becomes the default model and is no fallback of itself; what was the default may become one", () => {
    const { edits, facts } = planned({ model: { primary: "openai/gpt" } }, [choice(["groq/a", "openai/gpt"], { primary: "first" })]);
    expect(edits).toEqual([
      { kind: "set", path: PRIMARY, value: "groq/a" },
      { kind: "set", path: PATH, value: ["openai/gpt"] },
    ]);
    expect(facts).toMatchObject([{ primary: "groq/a", previous: "openai/gpt", fallbacks: ["openai/gpt"] }]);
  });

  test("a choice that is text alone is set before it grows", () => {
    expect(planned({ model: "openai/gpt" }, [choice(["groq/a", "groq/b"], { primary: "first" })]).edits).toEqual([
      { kind: "set", path: ["agents", "defaults", "model"], value: "groq/a" },
      { kind: "set", path: PATH, value: ["groq/b"] },
    ]);
  });
});

describe("two lists at once", () => {
  const both = [choice(["groq/a"]), choice(["groq/a", "groq/b"], { kind: "imageModel", primary: "first" })];

  test("are one plan, in which nothing is said twice", () => {
    const { edits } = planned({ model: "openai/gpt", models: { "openai/gpt": {} } }, both);
    expect(edits).toEqual([
      { kind: "set", path: PATH, value: ["groq/a"] },
      { kind: "set", path: ["agents", "defaults", "models", "groq/a"], value: {} },
      { kind: "set", path: ["agents", "defaults", "imageModel", "primary"], value: "groq/a" },
      { kind: "set", path: IMAGES, value: ["groq/b"] },
      { kind: "set", path: ["agents", "defaults", "models", "groq/b"], value: {} },
    ]);
  });

  test("an empty map of settings stays empty: nothing restricts by accident", () => {
    expect(planned({ model: "openai/gpt", models: {} }, both).edits.filter(({ path }) => path.includes("models"))).toEqual([]);
  });
});

test("one model that a hand-written list keeps out stops all of it", () => {
  const act = (): unknown =>
    planChosenModels([choice(["groq/a", "groq/b"])], openFacts({ config: { agents: { defaults: { model: "groq/a", modelPolicy: { allow: ["groq/a"] } } } } }));
  expect(act).toThrow(expect.objectContaining({ code: "MODEL_NOT_ALLOWED" }) as AppError);
});

test("with --agent the agent gets a list of its own", () => {
  const config = { agents: { defaults: { model: { primary: "openai/gpt", fallbacks: ["groq/a"] } }, list: [{ id: "work" }] } };
  const { edits, facts } = planChosenModels([choice(["groq/b"], { how: "append" })], openFacts({ config, agent: "work" }));
  expect(edits).toEqual([{ kind: "set", path: ["agents", "list", 0, "model", "fallbacks"], value: ["groq/a", "groq/b"] }]);
  expect(facts).toMatchObject([{ fallbacks: ["groq/a", "groq/b"], agentId: "work", startedOwn: true }]);
});
