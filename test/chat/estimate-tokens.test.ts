import { expect, test } from "vitest";
import { estimateTextTokens, estimateTokens } from "../../src/chat/estimate-tokens.ts";
import { ask } from "../../src/chat/request.ts";
import { conversation } from "../protocols/conversation.ts";

test.each([
  ["nothing", "", 0],
  ["a sentence in English", "The quick brown fox jumps over the lazy dog.", 13],
  ["Chinese", "敏捷的棕色狐狸", 7],
  ["code", "for (const one of all) total += one.price * one.count;", 16],
])("%s", (_, text, tokens) => {
  expect(estimateTextTokens([text])).toBe(tokens);
});

test("messages, tools, images and files all count", () => {
  const hello = estimateTokens(ask("Hello"));
  const whole = estimateTokens(conversation("anthropic-messages"));
  const withoutTools = estimateTokens({ messages: conversation("anthropic-messages").messages });
  expect([hello, whole > withoutTools, withoutTools > 2 * 1600]).toEqual([6, true, true]);
});
