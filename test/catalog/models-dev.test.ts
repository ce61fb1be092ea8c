import { describe, expect, test } from "vitest";
import { readModelsDev } from "../../src/catalog/models-dev.ts";
import { HOSTILE } from "../support/hostile.ts";
import { MODELS_DEV } from "./live-answers.ts";

describe("an answer of models.dev", () => {
  test("states facts in its own words, and no address is taken from it", () => {
    expect(readModelsDev(MODELS_DEV)).toEqual({
      skipped: 0,
      newestDay: "2026-06-30",
      providers: [
        {
          id: "groq",
          ids: ["only-an-id"],
          models: [
            {
              id: "llama-3.3-70b-versatile",
              facts: {
                name: "Llama 3.3 70B",
                protocol: "openai-chat",
                contextTokens: 131072,
                outputTokens: 32768,
                input: ["text"],
                output: ["text"],
                tools: true,
                reasoning: false,
                usdPerMTok: { input: 0.59, output: 0.79, cacheRead: 0.1 },
                releasedOn: "2024-12-06",
                openWeights: true,
              },
              priceSteps: [{ aboveTokens: 100000, usdPerMTok: { input: 1, output: 2 } }],
            },
            { id: "on-a-plan", facts: { name: "On a plan", protocol: "openai-chat", contextTokens: 1000, deprecated: true } },
            { id: "gift:free", facts: { name: "Gift", protocol: "openai-chat", contextTokens: 1000, outputTokens: 10, usdPerMTok: { input: 0, output: 0 } } },
          ],
        },
        { id: "togetherai", ids: [], models: [{ id: "org/m", facts: { name: "M", protocol: "anthropic-messages", contextTokens: 5, outputTokens: 5 } }] },
        {
          id: "opencode",
          ids: [],
          models: [
            { id: "chat", facts: { name: "Chat", protocol: "openai-chat", contextTokens: 5, outputTokens: 5 } },
            { id: "moved", facts: { name: "Moved", contextTokens: 5, outputTokens: 5 } },
          ],
        },
      ],
    });
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "models"],
    ["a list", [MODELS_DEV]],
    ["an empty object", {}],
    ["an error", { error: { message: "no", code: 500 }, models: 5 }],
    ["providers without models", { groq: { models: {} } }],
    ["mostly something else", { groq: MODELS_DEV.groq, a: 1, b: 2, c: 3 }],
    ["models that are a list", { groq: { models: [{ id: "x" }] } }],
  ])("%s is no catalogue", (_, answer) => {
    expect(readModelsDev(answer)).toBeUndefined();
  });

  test("values that no model can have are left out, and the rest is kept", () => {
    const odd = {
      name: 5,
      tool_call: "yes",
      reasoning: null,
      open_weights: 1,
      release_date: "yesterday",
      modalities: { input: ["text", "smell", 5], output: "text" },
      limit: { context: -1, output: 1.5 },
      cost: { input: -3, output: Number.MAX_VALUE, tiers: [{ tier: 5 }, null, { tier: { size: 10 }, input: "1" }] },
      provider: "x",
    };
    const answer = { lab: { models: { odd, huge: { limit: { context: 1e300, output: "8k" }, cost: "free" } } } };
    expect(readModelsDev(answer)?.providers).toEqual([{ id: "lab", ids: ["huge"], models: [{ id: "odd", facts: { input: ["text"] } }] }]);
  });

  test("hostile ids are passed over and counted, long names are cut, and objects keep their prototypes", () => {
    const hostile = HOSTILE.filter((text) => /[\p{Cc}\u2028\u2029]/u.test(text));
    const models = Object.fromEntries([...hostile, "x".repeat(300), " blank", ""].map((id) => [id, { limit: { context: 1, output: 1 } }]));
    const answer: unknown = JSON.parse(
      `{"lab": {"models": {"ok": {"name": "${"n".repeat(500)}", "limit": {"context": 1}}, "__proto__": {"limit": {"context": 2}}}}, "__proto__": {"models": {"x": {"limit": {"context": 3}}}}}`,
    );
    const list = readModelsDev({ ...(answer as object), hostile: { models: { fine: { limit: { context: 1 } }, ...models } } });
    expect(list?.skipped).toBe(hostile.length + 3);
    const named = list?.providers.find(({ id }) => id === "lab")?.models.map(({ id, facts }) => [id, facts.contextTokens, facts.name?.length]);
    expect(named).toEqual([
      ["ok", 1, 200],
      ["__proto__", 2, undefined],
    ]);
    expect(({} as Record<string, unknown>)["models"]).toBeUndefined();
  });
});
