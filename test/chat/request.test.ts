import { expect, test } from "vitest";
import { ask } from "../../src/chat/request.ts";

test("a request of one sentence is a message of the user, with what else is wished", () => {
  expect(ask("Hi", { maxOutputTokens: 8 })).toEqual({ messages: [{ role: "user", content: [{ kind: "text", text: "Hi" }] }], maxOutputTokens: 8 });
});
