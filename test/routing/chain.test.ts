import { describe, expect, test } from "vitest";
import { refText } from "../../src/catalog/model-ref.ts";
import type { Chain } from "../../src/routing/chain.ts";
import { CONFIG, openFacts } from "../credentials/open-facts.ts";

const chainOf = (agents: unknown, agent?: string): Chain => openFacts({ config: { agents }, ...(agent !== undefined && { agent }) }).chain;
const shown = ({ entries }: Chain): string[] =>
  entries.map(
    ({ role, position, raw, resolution, from }) => `${role} ${position}: ${raw} = ${resolution === undefined ? "nothing" : refText(resolution.ref)} (${from})`,
  );

describe("the default model", () => {
  test("is the built-in one where nobody chose, and nothing is in any file", () => {
    const { chain } = openFacts();
    expect(shown(chain)).toEqual(["default 1: anthropic/claude-opus-4-6 = anthropic/claude-opus-4-6 (built-in)"]);
    expect(chain.entries[0]?.placeOf()).toBeUndefined();
    expect(chain).toMatchObject({ defaultProvider: "anthropic", fallbacksFrom: "defaults", problems: [] });
  });

  test("a blank one counts as none", () => {
    expect(shown(chainOf({ defaults: { model: { primary: "  " } } }))).toEqual(["default 1: anthropic/claude-opus-4-6 = anthropic/claude-opus-4-6 (built-in)"]);
  });

  test("may be an alias, and says where it stands", () => {
    const chain = chainOf({ defaults: { model: { primary: "fast" }, models: { "groq/llama": { alias: "Fast" } } } });
    expect(shown(chain)).toEqual(["default 1: fast = groq/llama (defaults)"]);
    expect(chain.entries[0]).toMatchObject({
      resolution: { via: "alias", alias: { alias: "Fast", target: "groq/llama" } },
      keyPath: ["agents", "defaults", "model", "primary"],
    });
    expect(chain.entries[0]?.placeOf()).toEqual({ file: CONFIG, line: 5, column: 9 });
    expect(chain.defaultProvider).toBe("groq");
  });

  test("a word without a slash that is no alias is a model of anthropic", () => {
    expect(shown(chainOf({ defaults: { model: { primary: "opus-4.6" } } }))).toEqual(["default 1: opus-4.6 = anthropic/claude-opus-4-6 (defaults)"]);
  });

  test("a mistyped alias is read as a model all the same, with a warning that names the alias", () => {
    const chain = chainOf({ defaults: { model: { primary: "fsat", fallbacks: ["something-else"] }, models: { "groq/llama": { alias: "fast" } } } });
    expect(shown(chain)[0]).toBe("default 1: fsat = anthropic/fsat (defaults)");
    expect(chain.problems.map(({ severity, message, hint, place }) => [severity, message, hint, place?.line])).toEqual([
      ["warning", 'the default model "fsat" is no alias, so it is read as anthropic/fsat', 'Did you mean the alias "fast"? Otherwise write anthropic/fsat.', 5],
    ]);
  });

  test("may be written as a text alone", () => {
    const chain = chainOf({ defaults: { model: "groq/llama" } });
    expect(shown(chain)).toEqual(["default 1: groq/llama = groq/llama (defaults)"]);
    expect(chain.entries[0]?.placeOf()).toEqual({ file: CONFIG, line: 4, column: 7 });
  });
});

describe("fallbacks and image models", () => {
  test("come in order; a word without a slash is a model of the default's provider", () => {
    const defaults = {
      model: { primary: "groq/llama", fallbacks: ["mixtral", "Z.AI/GLM"] },
      imageModel: { primary: "openai/gpt", fallbacks: ["openai/gpt-mini"] },
    };
    expect(shown(chainOf({ defaults }))).toEqual([
      "default 1: groq/llama = groq/llama (defaults)",
      "fallback 1: mixtral = groq/mixtral (defaults)",
      "fallback 2: Z.AI/GLM = zai/GLM (defaults)",
      "image 1: openai/gpt = openai/gpt (defaults)",
      "image-fallback 1: openai/gpt-mini = openai/gpt-mini (defaults)",
    ]);
  });

  test("a reference that leads nowhere is a row with its place, and the others go on", () => {
    const chain = chainOf({ defaults: { model: { primary: "opnai/gpt", fallbacks: ["openai/", "groq/llama"] } } });
    expect(shown(chain)).toEqual([
      "default 1: opnai/gpt = nothing (defaults)",
      "fallback 1: openai/ = nothing (defaults)",
      "fallback 2: groq/llama = groq/llama (defaults)",
    ]);
    expect(chain.defaultProvider).toBe("anthropic");
    expect(chain.problems).toMatchObject([
      {
        code: "REF_BROKEN",
        severity: "error",
        subject: "agents.defaults.model.primary",
        message: 'the default model "opnai/gpt" leads nowhere: no provider is named "opnai"',
        hint: 'Did you mean "openai"?',
        place: { file: CONFIG, line: 5 },
      },
      { code: "REF_BROKEN", subject: "agents.defaults.model.fallbacks.0", place: { line: 7, column: 11 } },
    ]);
  });

  test("a program of this machine is a provider, though no vendor is called so", () => {
    expect(shown(chainOf({ defaults: { model: { primary: "my-cli/opus" }, cliBackends: { "my-cli": {} } } }))).toEqual([
      "default 1: my-cli/opus = my-cli/opus (defaults)",
    ]);
  });
});

describe("an agent of one's own", () => {
  const defaults = { model: { primary: "groq/llama", fallbacks: ["openai/gpt"] }, imageModel: { primary: "openai/img" } };
  const withModel = (model: unknown): Chain => chainOf({ defaults, list: [{ id: "main" }, { id: "work", model }] }, "work");

  test("with a default of its own keeps the fallbacks of the defaults", () => {
    const chain = withModel("anthropic/opus");
    expect(shown(chain)).toEqual([
      "default 1: anthropic/opus = anthropic/opus (agent)",
      "fallback 1: openai/gpt = openai/gpt (defaults)",
      "image 1: openai/img = openai/img (defaults)",
    ]);
    expect(chain).toMatchObject({ fallbacksFrom: "defaults", defaultProvider: "anthropic" });
    expect(chain.entries[0]?.placeOf()?.line).toBe(20);
  });

  test("with an empty list of fallbacks has none", () => {
    const chain = withModel({ fallbacks: [] });
    expect(shown(chain)).toEqual(["default 1: groq/llama = groq/llama (defaults)", "image 1: openai/img = openai/img (defaults)"]);
    expect(chain.fallbacksFrom).toBe("agent");
  });

  test("with a list of its own has that one, with its place", () => {
    const chain = withModel({ primary: "zai/x", fallbacks: ["y"] });
    expect(shown(chain).slice(0, 2)).toEqual(["default 1: zai/x = zai/x (agent)", "fallback 1: y = zai/y (agent)"]);
    expect(chain.entries[1]?.keyPath).toEqual(["agents", "list", 1, "model", "fallbacks", 0]);
  });
});
