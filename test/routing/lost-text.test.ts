import { expect, test } from "vitest";
import { lostText } from "../../src/routing/lost-text.ts";

test("few fields are named one by one", () => {
  expect(lostText(["logprobs", "messages[2].content[0].cache"])).toBe("logprobs, messages[2].content[0].cache");
});

test("many of a kind are one, with their number", () => {
  const marks = Array.from({ length: 40 }, (_, i) => `messages[${i}].content[0].cache`);
  expect(lostText(["logprobs", ...marks, "messages[3].name"])).toBe("logprobs, messages[*].content[*].cache (40), messages[*].name");
});

test("what has no room is counted", () => {
  const text = lostText(Array.from({ length: 100 }, (_, i) => `setting_${i}`));
  expect([text.length <= 480, text]).toEqual([true, expect.stringMatching(/^setting_0, setting_1, .*, and \d+ more$/)]);
});
