import { expect, test } from "vitest";
import { didYouMean, editDistance, nearest } from "../../src/kernel/nearest.ts";

test("distance counts insertions, deletions, replacements and swapped neighbours", () => {
  const pairs = [
    ["", "", 0],
    ["a", "", 1],
    ["kitten", "sitting", 3],
    ["fallbakcs", "fallbacks", 1],
    ["same", "same", 0],
  ] as const;
  expect(pairs.map(([a, b]) => editDistance(a, b))).toEqual(pairs.map(([, , distance]) => distance));
});

test("the nearest known words come first, and far ones not at all", () => {
  expect(nearest("groqq", ["openai", "groq", "grok", "mistral"])).toEqual(["groq", "grok"]);
  expect(nearest("completely-else", ["openai", "groq"])).toEqual([]);
});

test("a word of two letters is not near to every short word", () => {
  expect(nearest("no", ["v0", "poe", "xai"])).toEqual([]);
  expect(nearest("v1", ["v0", "poe"])).toEqual(["v0"]);
});

test("the beginning of a word is near to the word", () => {
  expect(nearest("anthr", ["anthropic", "openai"])).toEqual(["anthropic"]);
});

test("a suggestion reads as a sentence", () => {
  expect(didYouMean("lst", ["list", "last", "lost"])).toBe(' Did you mean "last", "list" or "lost"?');
  expect(didYouMean("zzz", ["list"])).toBe("");
});
