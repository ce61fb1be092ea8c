import { describe, expect, test } from "vitest";
import type { AppError } from "../../src/kernel/errors.ts";
import type { ChoiceKind } from "../../src/routing/model-choice.ts";
import { planPrimary } from "../../src/routing/primary-edits.ts";
import { type FactsInput, openFacts } from "../credentials/open-facts.ts";

const planned = (agents: unknown, word: string, more: FactsInput & { kind?: ChoiceKind; signalbox?: unknown } = {}) => {
  const { kind = "model", signalbox, ...machine } = more;
  const { edits, facts, warnings } = planPrimary(kind, word, openFacts({ config: { agents, ...(signalbox !== undefined && { signalbox }) }, ...machine }));
  return { edits, wrote: facts.chosen.text, previous: facts.previous, warnings };
};
const refused = (agents: unknown, word: string, more: Parameters<typeof planned>[2] = {}): AppError => {
  try {
    planned(agents, word, more);
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error("it was accepted");
};
const models = { "groq/llama": { alias: "fast" }, "Z.AI/glm": {} };

describe("the default model of all agents", () => {
  test("is written as a reference, also when an alias was given", () => {
    expect(planned({ defaults: { model: { primary: "openai/gpt", fallbacks: ["a/b"] }, models } }, "FAST")).toEqual({
      edits: [{ kind: "set", path: ["agents", "defaults", "model", "primary"], value: "groq/llama" }],
      wrote: "groq/llama",
      previous: "openai/gpt",
      warnings: [],
    });
  });

  test("written as a text alone stays one", () => {
    expect(planned({ defaults: { model: "openai/gpt" } }, "groq/llama").edits).toEqual([
      { kind: "set", path: ["agents", "defaults", "model"], value: "groq/llama" },
    ]);
  });

  test("in no file yet becomes an object, as older agents want it there", () => {
    expect(planned(undefined, "groq/llama").edits).toEqual([{ kind: "set", path: ["agents", "defaults", "model", "primary"], value: "groq/llama" }]);
  });

  test("that is there already changes nothing; an alias that somebody wrote stays", () => {
    expect(planned({ defaults: { model: { primary: "groq/llama" }, models } }, "fast").edits).toEqual([]);
    expect(planned({ defaults: { model: { primary: "Fast" }, models } }, "fast").edits).toEqual([]);
    expect(planned({ defaults: { model: { primary: "Fast" }, models } }, "groq/llama").edits).toHaveLength(1);
  });

  test("written from a variable that is unset is replaced where it stands", () => {
    expect(planned({ defaults: { model: "${NOBODY_SET_THIS}" } }, "groq/llama").edits).toEqual([
      { kind: "set", path: ["agents", "defaults", "model"], value: "groq/llama" },
    ]);
  });

  test("keeps the account that it pins", () => {
    expect(planned(undefined, "groq/llama@groq:work").wrote).toBe("groq/llama@groq:work");
  });

  test("does not count for the default agent when that has a model of its own, and says so", () => {
    expect(planned({ list: [{ id: "day", model: "openai/gpt" }] }, "groq/llama").warnings).toEqual([
      "The default agent day has a model of its own, openai/gpt, which still counts for it. `{cli} models set groq/llama --agent day` changes it.",
    ]);
  });
});

describe("a word without a provider", () => {
  const defaults = { model: { primary: "groq/llama", fallbacks: ["mixtral", "fast"] }, imageModel: "pictures", models };

  test("means a model of another provider afterwards, and that is said", () => {
    expect(planned({ defaults }, "openai/gpt").warnings).toEqual([
      'agents.defaults.model.fallbacks[0] says "mixtral" without a provider: it meant groq/mixtral and is read as openai/mixtral now.',
      'agents.defaults.imageModel.primary says "pictures" without a provider: it meant groq/pictures and is read as openai/pictures now.',
    ]);
  });

  test("means what it meant when the provider stays, or when the agent's own model counts", () => {
    expect(planned({ defaults }, "groq/other").warnings).toEqual([]);
    expect(planned({ defaults, list: [{ id: "day", model: "groq/llama" }] }, "openai/gpt").warnings).toHaveLength(1);
  });
});

describe("the map of settings, which older agents take for an allowlist", () => {
  const kept = (more: unknown, word = "openai/gpt") => planned({ defaults: { models: more } }, word).edits.slice(1);

  test("gets the model when others are in it", () => {
    expect(kept(models)).toEqual([{ kind: "set", path: ["agents", "defaults", "models", "openai/gpt"], value: {} }]);
  });

  test("stays empty, and stays away", () => {
    expect(kept({})).toEqual([]);
    expect(kept(undefined)).toEqual([]);
  });

  test("has the model already, however it is spelled, and whichever account is pinned", () => {
    expect(kept(models, "zai/glm")).toEqual([]);
    expect(kept(models, "groq/llama@groq:work")).toEqual([]);
  });

  test("is not widened where it was written as an allowlist by hand; the default model counts all the same", () => {
    const { edits, warnings } = planned({ defaults: { models } }, "openai/gpt", { signalbox: { legacyAllowlist: true } });
    expect(edits).toEqual([{ kind: "set", path: ["agents", "defaults", "model", "primary"], value: "openai/gpt" }]);
    expect(warnings).toEqual(["agents.defaults.models does not allow openai/gpt. As the default model it is asked all the same."]);
  });
});

describe("an agent's own model", () => {
  const list = [{ id: "main", model: { primary: "openai/gpt", fallbacks: [] } }, { id: "text", model: "openai/gpt" }, { id: "Bare Agent" }];

  test("keeps the form that it has", () => {
    expect(planned({ list }, "groq/llama", { agent: "main" }).edits).toEqual([
      { kind: "set", path: ["agents", "list", 0, "model", "primary"], value: "groq/llama" },
    ]);
    expect(planned({ list }, "groq/llama", { agent: "text" }).edits).toEqual([{ kind: "set", path: ["agents", "list", 1, "model"], value: "groq/llama" }]);
    expect(planned({ list }, "groq/llama", { agent: "bare-agent" }).edits).toEqual([
      { kind: "set", path: ["agents", "list", 2, "model"], value: "groq/llama" },
    ]);
  });

  test("counts its place among entries that do not count", () => {
    expect(planned({ list: [{ id: "${NOBODY_SET_THIS}" }, { id: "work" }] }, "groq/llama", { agent: "work" }).edits).toEqual([
      { kind: "set", path: ["agents", "list", 1, "model"], value: "groq/llama" },
    ]);
  });

  test("of main, where no agent is listed, lists it", () => {
    expect(planned(undefined, "groq/llama", { agent: "main" }).edits).toEqual([
      { kind: "insert", path: ["agents", "list"], index: 0, value: { id: "main", model: "groq/llama" } },
    ]);
  });
});

describe("the image model", () => {
  test("is one of all agents", () => {
    expect(planned(undefined, "openai/gpt", { kind: "imageModel" }).edits).toEqual([
      { kind: "set", path: ["agents", "defaults", "imageModel", "primary"], value: "openai/gpt" },
    ]);
  });

  test("is refused for one agent, for there is none", () => {
    const { code, message } = refused({ list: [{ id: "work" }] }, "openai/gpt", { kind: "imageModel", agent: "work" });
    expect([code, message]).toEqual(["USAGE", "agents have no image model of their own, so --agent cannot be given here"]);
  });
});

describe("a word that is no model", () => {
  test("of an unknown provider is refused with the nearest names", () => {
    expect(refused(undefined, "opnai/gpt")).toMatchObject({ code: "PROVIDER_UNKNOWN", facts: { suggestions: ["openai"] } });
  });

  test("that looks like a key is refused and not repeated, wherever the reference would have led", () => {
    const keys = [
      "sk-ant-api03-abcdefghijklmnop",
      "0123456789abcdef0123456789abcdef",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "openai/sk-proj-abcdefghijklmnop1234",
    ];
    for (const key of keys) {
      const { code, message, hint } = refused(undefined, key);
      expect([key, code]).toEqual([key, "MODEL_REF_INVALID"]);
      expect(`${message} ${hint}`.toLowerCase()).not.toContain(key.split("/").at(-1)?.toLowerCase().slice(0, 8));
    }
  });

  test("with characters that nobody can see is refused", () => {
    expect(["openai/a\u202eb", "openai/a\u200bb", "openai/a\u{e0041}"].map((word) => refused(undefined, word).code)).toEqual(
      Array(3).fill("MODEL_REF_INVALID"),
    );
  });

  test("that would be read as a variable is refused", () => {
    expect(refused(undefined, "groq/${MODEL}").code).toBe("MODEL_REF_INVALID");
  });
});
