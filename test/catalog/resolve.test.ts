import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refText } from "../../src/catalog/model-ref.ts";
import { aliasTable, parseRef, type Resolution, resolveRef, unknownProvider } from "../../src/catalog/resolve.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinProviders } from "../../src/providers/index.ts";
import { HOSTILE } from "../support/hostile.ts";

const registry = createRegistry(builtinProviders, []);
const MODELS = {
  "anthropic/claude-opus-4-6": {},
  "groq/llama-3.3-70b-versatile": { alias: "Fast" },
  "openai/gpt-5@openai:work": { alias: "mine" },
  "bare-word": { alias: "bare" },
};

function resolve(text: string, defaultProvider = "anthropic", models: Parameters<typeof aliasTable>[0] = MODELS): Resolution {
  return resolveRef(text, { aliases: aliasTable(models), defaultProvider: toProviderId(defaultProvider), registry });
}

/** "provider/model via, alias, @profile", or the code of the error. */
function outcome(text: string, defaultProvider?: string): string {
  try {
    const { ref, via, alias, profile } = resolve(text, defaultProvider);
    return [`${refText(ref)} ${via}`, ...(alias === undefined ? [] : [alias.alias]), ...(profile === undefined ? [] : [`@${profile}`])].join(" ");
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

describe("a reference", () => {
  test.each([
    ["groq/llama", "groq/llama reference"],
    ["  groq/llama  ", "groq/llama reference"],
    ["GROQ/Llama-3", "groq/Llama-3 reference"],
    ["groq / llama", "groq/llama reference"],
    ["openrouter/meta-llama/llama-3:free", "openrouter/meta-llama/llama-3:free reference"],
    ["Z.AI/glm-5", "zai/glm-5 reference"],
    ["z-ai/glm-5", "zai/glm-5 reference"],
    ["opencode-zen/big", "opencode/big reference"],
    ["qwen/coder", "qwen-portal/coder reference"],
    ["kimi-code/k2", "kimi-coding/k2 reference"],
    ["togetherai/x", "together/x reference"],
    ["groq/", "MODEL_REF_INVALID"],
    ["/llama", "MODEL_REF_INVALID"],
    ["/", "MODEL_REF_INVALID"],
    ["", "MODEL_REF_INVALID"],
    ["   ", "MODEL_REF_INVALID"],
    ["nowhere/llama", "PROVIDER_UNKNOWN"],
    ["__proto__/x", "PROVIDER_UNKNOWN"],
    ["constructor/x", "PROVIDER_UNKNOWN"],
  ])("%j is %s", (text, expected) => {
    expect(outcome(text)).toBe(expected);
  });

  test.each([
    ["anthropic/opus-4.6", "anthropic/claude-opus-4-6"],
    ["anthropic/OPUS-4.5", "anthropic/claude-opus-4-5"],
    ["anthropic/sonnet-4.5", "anthropic/claude-sonnet-4-5"],
    ["anthropic/Claude-X", "anthropic/Claude-X"],
    ["google/gemini-3-pro", "google/gemini-3-pro-preview"],
    ["google/gemini-3-flash", "google/gemini-3-flash-preview"],
    ["google/GEMINI-3-PRO", "google/GEMINI-3-PRO"],
    ["groq/opus-4.6", "groq/opus-4.6"],
    ["openrouter/auto", "openrouter/openrouter/auto"],
    ["openrouter/openrouter/auto", "openrouter/openrouter/auto"],
    ["openrouter/Auto", "openrouter/Auto"],
  ])("%j names the model %s, as its vendor knows it", (text, expected) => {
    expect(refText(resolve(text).ref)).toBe(expected);
  });
});

describe("a word without a slash", () => {
  test.each([
    ["fast", "groq/llama-3.3-70b-versatile alias Fast"],
    ["FAST", "groq/llama-3.3-70b-versatile alias Fast"],
    [" fast ", "groq/llama-3.3-70b-versatile alias Fast"],
    ["opus", "anthropic/claude-opus-4-6 alias opus"],
    ["bare", "anthropic/bare-word alias bare"],
    ["mine", "openai/gpt-5 alias mine @openai:work"],
    ["some-model", "anthropic/some-model default-provider"],
    ["opus-4.6", "anthropic/claude-opus-4-6 default-provider"],
  ])("%j is an alias first, then a model of the default provider: %s", (text, expected) => {
    expect(outcome(text)).toBe(expected);
  });

  test("belongs to whatever the default provider is", () => {
    expect(outcome("opus-4.6", "groq")).toBe("groq/opus-4.6 default-provider");
    expect(outcome("gemini-3-pro", "google")).toBe("google/gemini-3-pro-preview default-provider");
  });
});

describe("a pinned profile", () => {
  test.each([
    ["groq/llama@groq:work", "groq/llama reference @groq:work"],
    ["groq/llama@env:GROQ_API_KEY", "groq/llama reference @env:GROQ_API_KEY"],
    ["openai/gpt-5@openai-codex:me@example.com", "openai/gpt-5 reference @openai-codex:me@example.com"],
    ["openrouter/a/b:free@openrouter:x", "openrouter/a/b:free reference @openrouter:x"],
    ["fast@groq:work", "groq/llama-3.3-70b-versatile alias Fast @groq:work"],
    ["mine@openai:home", "openai/gpt-5 alias mine @openai:home"],
    ["other@groq:a/b", "anthropic/other default-provider @groq:a/b"],
    ["cloudflare-workers-ai/@cf/meta/llama", "cloudflare-workers-ai/@cf/meta/llama reference"],
    ["cloudflare-ai-gateway/workers-ai/@cf/meta/llama:fp8", "cloudflare-ai-gateway/workers-ai/@cf/meta/llama:fp8 reference"],
    ["google-vertex/claude@20250101", "google-vertex/claude@20250101 reference"],
    ["google-vertex/claude@20250101:thinking", "google-vertex/claude@20250101:thinking reference"],
    ["groq/llama@", "groq/llama@ reference"],
    ["groq/llama@groq:", "groq/llama@groq: reference"],
  ])("%j is %s", (text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

describe("an error", () => {
  test("names the nearest providers", () => {
    const error = unknownProvider("openroutr", registry);
    expect(error).toMatchObject({ code: "PROVIDER_UNKNOWN", exit: 64, facts: { hint: 'Did you mean "openrouter"?', suggestions: ["openrouter"] } });
  });

  test("of a provider that a plugin would bring, was it in use, names the plugin", () => {
    const unused = new Map([
      ["acme", { pluginId: "acme-plugin", state: "off" as const }],
      ["beta", { pluginId: "beta", state: "broken" as const }],
    ]);
    const own = createRegistry(builtinProviders, [], [], unused);
    expect(["acme", "beta"].map((id) => [unknownProvider(id, own).message, unknownProvider(id, own).hint])).toEqual([
      ['the plugin acme-plugin, which brings the provider "acme", is off', "Turn it on: `{cli} plugins enable acme-plugin`."],
      ['the plugin beta, which brings the provider "beta", is broken', "`{cli} plugins doctor` says what is broken."],
    ]);
  });

  test("of a vendor's name that nothing is near to says how models of routers are written", () => {
    expect(() => resolve("mattshumer-and-company/reflection-70b")).toThrow(
      expect.objectContaining({ code: "PROVIDER_UNKNOWN", hint: expect.stringContaining("openrouter/mattshumer-and-company/reflection-70b") }),
    );
  });

  test.each(HOSTILE.filter((text) => /[\p{Cc}\u2028\u2029]/u.test(text)))("%j in a reference is refused", (hostile) => {
    expect(outcome(`groq/x${hostile}y`)).toBe("MODEL_REF_INVALID");
    expect(parseRef(`groq/x${hostile}y`, registry)).toBeUndefined();
  });

  test("shows no more than the beginning of a very long text", () => {
    expect(() => resolve(`groq/${"x".repeat(100_000)}`)).toThrow(
      expect.objectContaining({ code: "MODEL_REF_INVALID", message: expect.stringMatching(/^.{0,140}$/) }),
    );
  });
});

describe("aliases", () => {
  const shown = (models: Parameters<typeof aliasTable>[0]): string[] =>
    aliasTable(models).all.map(({ alias, target, builtIn }) => `${alias} ${target}${builtIn ? " built in" : ""}`);

  test("six models have one without writing it, where they are listed", () => {
    const listed = [
      "anthropic/claude-opus-4-6",
      "anthropic/claude-sonnet-4-5",
      "openai/gpt-5.2",
      "openai/gpt-5-mini",
      "google/gemini-3-pro-preview",
      "google/gemini-3-flash-preview",
      "x/y",
    ];
    expect(shown(Object.fromEntries(listed.map((key) => [key, {}])))).toEqual([
      "opus anthropic/claude-opus-4-6 built in",
      "sonnet anthropic/claude-sonnet-4-5 built in",
      "gpt openai/gpt-5.2 built in",
      "gpt-mini openai/gpt-5-mini built in",
      "gemini google/gemini-3-pro-preview built in",
      "gemini-flash google/gemini-3-flash-preview built in",
    ]);
    expect(shown({})).toEqual([]);
    expect(shown(undefined)).toEqual([]);
  });

  test("an empty one turns the built-in one off, and another takes its place", () => {
    expect(shown({ "anthropic/claude-opus-4-6": { alias: "" } })).toEqual([]);
    expect(shown({ "anthropic/claude-opus-4-6": { alias: " best " } })).toEqual(["best anthropic/claude-opus-4-6"]);
  });

  test("one that the user wrote wins over a built-in one of the same name, before and after it", () => {
    const builtIn = { "anthropic/claude-opus-4-6": {} };
    const own = { "groq/x": { alias: "Opus" } };
    expect(shown({ ...builtIn, ...own })).toEqual(["Opus groq/x"]);
    expect(shown({ ...own, ...builtIn })).toEqual(["Opus groq/x"]);
  });

  test("of two alike the later one counts, whatever its case", () => {
    const models = { "groq/a": { alias: "fast" }, "groq/b": { alias: "b" }, "groq/c": { alias: "FAST" } };
    expect(shown(models)).toEqual(["b groq/b", "FAST groq/c"]);
    expect(aliasTable(models).find("Fast")?.target).toBe("groq/c");
  });

  test("names of object members are words like any other", () => {
    const table = aliasTable(JSON.parse('{"groq/a": {"alias": "__proto__"}, "__proto__": {"alias": "constructor"}}'));
    expect(table.find("__proto__")?.target).toBe("groq/a");
    expect(table.find("constructor")?.target).toBe("__proto__");
    expect(table.find("toString")).toBeUndefined();
  });
});

test("whatever is typed is a resolution or one of two named errors", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.stringMatching(/^[a-z/@:. ]{0,40}$/)), (text) => {
      expect(outcome(text)).toMatch(/^\S[\s\S]* (reference|alias|default-provider)|^MODEL_REF_INVALID$|^PROVIDER_UNKNOWN$/);
    }),
    { numRuns: 500 },
  );
});
