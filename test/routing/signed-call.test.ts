import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { isAboutSignatures } from "../../src/routing/signed-call.ts";

const failure = (message: string | undefined, more: Partial<UpstreamFailure> = {}): UpstreamFailure => ({
  reason: "format",
  rule: "http/4xx",
  status: 400,
  ...(message !== undefined && { message }),
  ...more,
});

describe("a refusal", () => {
  test.each([
    "messages.1.content.0: Invalid `signature` in `thinking` block",
    "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.",
    "messages.3.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
    "messages.647.content.0.thinking.signature: Field required",
    "Function call is missing a thought_signature in functionCall parts.",
    "The encrypted content gAAA could not be verified.",
    "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
  ])("is about signed reasoning: %s", (message) => {
    expect(isAboutSignatures(failure(message))).toBe(true);
  });

  test("is about it where an item is not found, or the code alone says so, or nothing is said", () => {
    const missing = failure("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.", {
      reason: "model_not_found",
      detail: "address",
      status: 404,
    });
    expect([missing, failure("Bad.", { code: "invalid_encrypted_content" }), failure(undefined)].map(isAboutSignatures)).toEqual([true, true, true]);
  });

  test.each([
    failure("max_tokens is too large"),
    failure(undefined, { reason: "model_not_found", detail: "address", status: 404 }),
    failure("The model `thinking-1` does not exist", { reason: "model_not_found", status: 404 }),
    failure("Thinking is overloaded", { reason: "overloaded", status: 529 }),
  ])("is about something else: $message", (other) => {
    expect(isAboutSignatures(other)).toBe(false);
  });
});
