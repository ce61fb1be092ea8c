import { expect, test } from "vitest";
import { createReader } from "../../../src/protocols/google-generate/answer.ts";

test.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"])("an answer that ends with %s is none", (finishReason) => {
  expect(createReader().whole({ candidates: [{ content: {}, finishReason }] })).toContainEqual({
    kind: "error",
    body: { error: { message: `the answer ended with ${finishReason}` } },
  });
});
