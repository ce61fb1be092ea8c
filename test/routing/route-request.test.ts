import { describe, expect, test } from "vitest";
import { refText } from "../../src/catalog/model-ref.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { Route } from "../../src/routing/route.ts";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { openRig, type RigInput } from "./routing-rig.ts";

const CHAIN = { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama", "zai/glm"] }, imageModel: { primary: "openai/eyes", fallbacks: ["groq/eyes"] } };
const rig = (defaults: unknown = CHAIN, more: Partial<RigInput> & { readonly gateway?: unknown; readonly signalbox?: unknown } = {}) => {
  const { gateway, signalbox, ...input } = more;
  const list = [{ id: "main" }, { id: "work", model: { primary: "zai/glm", fallbacks: [] } }];
  return openRig({
    config: { agents: { defaults, list }, gateway, signalbox },
    store: storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq") }),
    ...input,
  });
};
const shown = ({ models, strict }: Route): string =>
  `${models.map(({ ref, from, profile }) => `${refText(ref)}${profile === undefined ? "" : `@${profile}`} (${from})`).join(", ")}; strict ${strict}`;
const thrown = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "nothing";
};

describe("the words for models", () => {
  test("default is the chain", () => {
    expect(shown(rig().route("default"))).toBe("openai/gpt-5 (default), groq/llama (fallback), zai/glm (fallback); strict no");
  });

  test("agent:<id> is that agent's chain, and its accounts answer", () => {
    const route = rig().route("agent:work");
    expect([shown(route), route.agentId]).toEqual(["zai/glm (default); strict no", "work"]);
  });

  test("an unknown agent is refused", () => {
    expect(thrown(() => rig().route("agent:nobody"))).toMatch(/^AGENT_UNKNOWN/);
  });

  test("a model falls back along the default chain, each once", () => {
    expect(shown(rig().route("zai/glm"))).toBe("zai/glm (asked), groq/llama (fallback), openai/gpt-5 (default); strict no");
  });

  test("an alias is what it stands for", () => {
    expect(shown(rig({ ...CHAIN, models: { "zai/glm": { alias: "fast" } } }).route("Fast"))).toBe(
      "zai/glm (asked), groq/llama (fallback), openai/gpt-5 (default); strict no",
    );
  });

  test("a model of a known provider that no list has is passed on", () => {
    const [model] = rig().route("groq/brand-new").models;
    expect([model?.ref.model, model?.spec]).toEqual(["brand-new", undefined]);
  });

  test("of an unknown provider is refused", () => {
    expect(thrown(() => rig().route("nobody/x"))).toMatch(/^PROVIDER_UNKNOWN/);
  });

  test("with an account it is never left, nor is a strict one", () => {
    expect(shown(rig().route("groq/llama@groq:c"))).toBe("groq/llama@groq:c (asked); strict target");
    expect(shown(rig().route("groq/llama", { strict: true }))).toBe("groq/llama (asked); strict model");
    expect(shown(rig().route("default", { strict: true }))).toBe("openai/gpt-5 (default); strict model");
  });

  test("the model's own protocol and address count before its provider's", () => {
    const specs = { "groq/llama": { protocol: "anthropic-messages", baseUrl: "https://other.example" } } as const;
    const [model] = rig(CHAIN, { specs }).route("groq/llama").models;
    expect([model?.provider.protocol, model?.provider.baseUrl]).toEqual(["anthropic-messages", "https://other.example"]);
  });
});

describe("bare names", () => {
  const gateway = { modelNames: { "claude-*": "default", "claude-*-haiku-*": "groq/llama", "gpt-5-codex": "agent:work", odd: "zai/glm@zai:x" } };

  test.each([
    ["claude-sonnet-4-5-20250929", "openai/gpt-5 (default), groq/llama (fallback), zai/glm (fallback); strict no"],
    ["claude-3-5-haiku-20241022", "groq/llama (asked), zai/glm (fallback), openai/gpt-5 (default); strict no"],
    ["gpt-5-codex", "zai/glm (default); strict no"],
    ["odd", "zai/glm@zai:x (asked); strict target"],
  ])("%s means what the config maps it to", (name, expected) => {
    expect(shown(rig(CHAIN, { gateway }).route(name))).toBe(expected);
  });

  test("that no one maps belong to the first provider of the chain that has them", () => {
    const specs = { "groq/mixtral": {} };
    expect(shown(rig(CHAIN, { specs }).route("mixtral"))).toMatch(/^groq\/mixtral \(asked\)/);
  });
});

describe("an image", () => {
  const specs = {
    "openai/gpt-5": { input: ["text"] },
    "openai/eyes": { input: ["text", "image"] },
    "groq/llama": { input: ["text"] },
    "zai/glm": { input: ["text", "image"] },
  } as const;

  test("goes to the image model where the chosen one cannot see", () => {
    expect(shown(rig(CHAIN, { specs }).route("default", { image: true }))).toBe(
      "openai/eyes (image), groq/eyes (image-fallback), openai/gpt-5 (default), groq/llama (fallback), zai/glm (fallback); strict no",
    );
  });

  test("stays with a model that sees, or of which nobody knows", () => {
    expect(shown(rig(CHAIN, { specs }).route("zai/glm", { image: true }))).toMatch(/^zai\/glm \(asked\)/);
    expect(shown(rig(CHAIN).route("default", { image: true }))).toMatch(/^openai\/gpt-5 \(default\)/);
  });

  test("is never sent to one that cannot see it, unless that very one was asked for", async () => {
    const machine = rig(CHAIN, { specs, store: storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq"), "zai:z": keyOf("zai") }) });
    const ran = await machine.request({ "openai/eyes": "model_not_found", "groq/eyes": "model_not_found" }, { needs: { image: true } });
    expect(machine.asked).toEqual(["openai/eyes openai:a", "groq/eyes groq:c", "zai/glm zai:z"]);
    expect(ran.passedOver.filter(({ reason }) => reason === "no_image_input").map(({ model }) => model)).toEqual(["openai/gpt-5", "groq/llama"]);
    machine.asked.length = 0;
    await machine.request({}, { word: "openai/gpt-5", needs: { image: true, strict: true } });
    expect(machine.asked).toEqual(["openai/gpt-5 openai:a"]);
  });
});

describe("what cannot be asked", () => {
  test("is left out with its reason", () => {
    const chain = {
      model: { primary: "openai/gpt-5", fallbacks: ["nobody/x", "mycli/y", "groq/llama"] },
      cliBackends: { mycli: { command: "mycli" } },
      modelPolicy: { allow: ["zai/*"] },
    };
    const { models, leftOut } = rig(chain).route("default");
    expect(models.map(({ ref }) => refText(ref))).toEqual(["openai/gpt-5"]);
    expect(leftOut.map(({ model, reason }) => [model, reason])).toEqual([
      ["nobody/x", "broken_reference"],
      ["mycli/y", "delegated"],
      ["groq/llama", "not_allowed"],
    ]);
  });
});

describe("models for refusals of the request itself", () => {
  const refusals = (routing: unknown, agents: object = {}) => rig({ ...CHAIN, ...agents }, { signalbox: { routing } });

  test("a wrong word among them is left out and told with its place; every request goes on", () => {
    const machine = refusals({ contentPolicyFallbacks: ["opnai/gpt", "groq/free"], formatFallbacks: ["mycli/y"] }, { cliBackends: { mycli: {} } });
    const route = machine.route("zai/glm");
    expect(shown(route)).toBe("zai/glm (asked), groq/llama (fallback), openai/gpt-5 (default), groq/free (refusal-fallback); strict no");
    expect(machine.route("default").leftOut).toEqual([
      { model: "opnai/gpt", reason: "broken_reference", why: 'the fallback after content_filter "opnai/gpt" leads nowhere: no provider is named "opnai"' },
      { model: "mycli/y", reason: "delegated", why: "is answered by a program of this machine, with a login of its own" },
    ]);
    const keyPath = ["signalbox", "routing", "contentPolicyFallbacks", 0];
    expect(machine.chain.problems).toEqual([
      {
        code: "REF_BROKEN",
        severity: "error",
        subject: keyPath.join("."),
        message: 'the fallback after content_filter "opnai/gpt" leads nowhere: no provider is named "opnai"',
        hint: 'Did you mean "openai"?',
        place: machine.config.placeOf(keyPath),
      },
    ]);
    expect(machine.config.placeOf(keyPath)?.line).toBeGreaterThan(1);
  });

  test("say after which refusals they are asked, also where the chain has them", () => {
    const { models } = refusals({ contentPolicyFallbacks: ["zai/glm", "groq/free"], formatFallbacks: ["groq/free"] }).route("default");
    expect(models.map(({ ref, follows }) => [refText(ref), follows])).toEqual([
      ["openai/gpt-5", []],
      ["groq/llama", []],
      ["zai/glm", ["content_filter"]],
      ["groq/free", ["content_filter", "format"]],
    ]);
  });
});
