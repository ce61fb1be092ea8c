import { expect, test } from "vitest";
import { abilityText, availabilityText, priceText, tokensText } from "../../src/cli/model-words.ts";
import { makeStyle } from "../../src/cli/style.ts";

test.each([
  [null, "-"],
  [1, "1"],
  [999, "999"],
  [8192, "8k"],
  [131_072, "131k"],
  [200_000, "200k"],
  [999_499, "999k"],
  [999_500, "1M"],
  [1_048_576, "1.05M"],
  [10_000_000, "10M"],
])("%s tokens are %s", (tokens, expected) => {
  expect(tokensText(tokens)).toBe(expected);
});

test.each([
  [null, "-"],
  [{ input: 0, output: 0 }, "free"],
  [{ input: 0, output: 1 }, "0 / 1"],
  [{ input: 3, output: 15 }, "3 / 15"],
  [{ input: 0.0375, output: 0.5 }, "0.037 / 0.5"],
  [{ input: 0.0001, output: 600.4 }, "0.0001 / 600"],
])("the price %j is %s", (price, expected) => {
  expect(priceText(price)).toBe(expected);
});

test("what a model can do is a letter, what it cannot a dot, what nobody says a question mark", () => {
  expect(abilityText({ tools: true, reasoning: false, input: "text+image" })).toBe("TV·");
  expect(abilityText({ tools: false, reasoning: true, input: "text" })).toBe("··R");
  expect(abilityText({ tools: null, reasoning: null, input: "-" })).toBe("???");
});

test("that nobody may ask a model says nothing of a key: an account that is named may be gone, or its provider may not be asked yet", () => {
  expect(availabilityText("missing", makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 }))).toBe("- none");
});
