import { describe, expect, test } from "vitest";
import { parameterCount } from "../../src/catalog/parameter-count.ts";

describe("the size that a name speaks of", () => {
  test.each([
    ["meta-llama/llama-3.3-70b-instruct:free", 70],
    ["llama3.1:8b", 8],
    ["qwen/qwen3-30b-a3b", 30],
    ["qwen/qwen3-a3b", 3],
    ["qwen3:0.6b", 0.6],
    ["mistralai/mixtral-8x7b-instruct", 56],
    ["moonshotai/kimi-k2-1t", 1000],
    ["google/gemma-3n-e4b-it", 4],
    ["openai/gpt-oss-120B", 120],
  ])("%s: %d billion", (id, billions) => {
    expect(parameterCount(id)).toBe(billions);
  });

  test.each(["openai/gpt-4o", "bert-base", "acme/b52b2", "acme/8bit", "acme/70billion", "acme/ab12b", "acme/0b", "x/1.2.3b"])("%s: none", (id) => {
    expect(parameterCount(id)).toBeUndefined();
  });

  test("the name counts too, and the largest of all", () => {
    expect(parameterCount("acme/large", "Acme: Large 405B (free)")).toBe(405);
    expect(parameterCount("acme/m-7b", "Acme 13B and 3B")).toBe(13);
  });
});
