import { describe, expect, test } from "vitest";
import { joinPages, nextPage, readOpenRouterList } from "../../src/catalog/openrouter-list.ts";
import { OPENROUTER } from "./live-answers.ts";

describe("OpenRouter's list", () => {
  test("states prices for one token; a router's own price and a zero of a paid model are none", () => {
    expect(readOpenRouterList(OPENROUTER)).toEqual({
      skipped: 0,
      providers: [
        {
          id: "openrouter",
          ids: [],
          models: [
            {
              id: "anthropic/claude-opus-4.6",
              facts: {
                name: "Anthropic: Claude Opus 4.6",
                contextTokens: 1000000,
                outputTokens: 128000,
                input: ["text", "image", "pdf"],
                output: ["text"],
                tools: true,
                reasoning: true,
                usdPerMTok: { input: 5, output: 25, cacheRead: 0.5 },
              },
            },
            { id: "openrouter/auto", facts: { name: "Auto Router", contextTokens: 2000000, tools: false, reasoning: false } },
            { id: "org/gift:free", facts: { name: "Gift (free)", usdPerMTok: { input: 0, output: 0 }, openWeights: true } },
          ],
        },
      ],
    });
  });

  test.each([
    ["null", null],
    ["a list", [OPENROUTER]],
    ["no data", {}],
    ["an error", { error: { code: 429 } }],
    ["empty data", { data: [] }],
    ["data without ids", { data: [{ id: 5 }, {}, null, { id: "x" }] }],
  ])("%s is none", (_, answer) => {
    expect(readOpenRouterList(answer)).toBeUndefined();
  });

  test("entries without a usable id are counted, doubles are one", () => {
    const list = readOpenRouterList({ data: [{ id: "a" }, { id: "a", name: "second" }, { id: "b\n" }, { id: "c" }] });
    expect(list?.skipped).toBe(1);
    expect(list?.providers[0]?.models.map(({ id }) => id)).toEqual(["a", "c"]);
  });

  test("pages are joined; one that is something else spoils the list", () => {
    const page = (id: string) => readOpenRouterList({ data: [{ id }] });
    expect(joinPages([page("a"), page("b")])?.providers[0]?.models.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(joinPages([page("a"), undefined])).toBeUndefined();
  });

  test.each([
    ["/api/v1/models?offset=500", "https://openrouter.ai/api/v1/models?offset=500"],
    ["https://openrouter.ai/next", "https://openrouter.ai/next"],
    ["//evil.example/x", undefined],
    ["/\\evil.example/x", undefined],
    ["https://evil.example/x", undefined],
    ["http://openrouter.ai/x", undefined],
    ["http://[", undefined],
    [5, undefined],
    [null, undefined],
  ])("the next page %j is asked for at %j", (next, expected) => {
    expect(nextPage({ data: [], links: { next } }, "https://openrouter.ai/api/v1/models")).toBe(expected);
  });
});
