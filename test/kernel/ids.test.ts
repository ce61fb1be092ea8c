import { expect, test } from "vitest";
import { toAgentId, toModelId, toProviderId } from "../../src/kernel/ids.ts";

test("an agent id is cleaned as the agents of the family clean it", () => {
  const rows = [
    ["Work", "work"],
    ["  My Agent! ", "my-agent"],
    ["--x--", "x"],
    ["_a", "a"],
    ["", "main"],
    ["***", "main"],
    ["a".repeat(80), "a".repeat(64)],
  ] as const;
  expect(rows.map(([text]) => toAgentId(text))).toEqual(rows.map(([, id]) => id));
});

test("a provider is lower-cased, a model keeps its case", () => {
  expect([toProviderId(" OpenAI "), toModelId(" Qwen/Qwen3 ")]).toEqual(["openai", "Qwen/Qwen3"]);
});
