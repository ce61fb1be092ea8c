import { expect, test } from "vitest";
import { answerOf } from "../../src/protocols/answer-blocks.ts";

test("what a vendor adds to a text that is being written takes nothing of it away", () => {
  const citation = { type: "citations_delta", citation: {} };
  expect(
    answerOf([
      { kind: "text", block: 0, text: "It is " },
      { kind: "vendor", block: 0, dialect: "anthropic-messages", value: citation },
      { kind: "text", block: 0, text: "known." },
      { kind: "vendor", block: 1, dialect: "anthropic-messages", value: { type: "server_tool_use" } },
    ]).blocks,
  ).toEqual([
    { kind: "text", text: "It is known." },
    { kind: "vendor", dialect: "anthropic-messages", value: { type: "server_tool_use" } },
  ]);
});
