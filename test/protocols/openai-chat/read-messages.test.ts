import { expect, test } from "vitest";
import { readRequest } from "../../../src/protocols/openai-chat/read-request.ts";

function parts(...content: object[]): unknown {
  const reading = readRequest({ model: "m", messages: content });
  return reading.kind === "request" ? reading.chat.messages.flatMap((message): readonly object[] => message.content) : reading;
}

test("arguments of a call may be an object, as some servers write them", () => {
  const call = (given: unknown) => ({ role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: given } }] });
  expect(parts(call({ at: "x" }))).toEqual([{ kind: "tool_call", id: "c", name: "look", arguments: '{"at":"x"}' }]);
  expect(parts(call('{"at":1'))).toEqual([{ kind: "tool_call", id: "c", name: "look", arguments: '{"at":1' }]);
});

test("a JPEG is one by its short name too, which most vendors refuse", () => {
  const image = (type: string) => ({ role: "user", content: [{ type: "image_url", image_url: { url: `data:${type};base64,/9j/` } }] });
  const jpeg = { kind: "image", source: { kind: "data", mediaType: "image/jpeg", base64: "/9j/" } };
  expect(parts(image("image/jpg"), image("image/jpeg"))).toEqual([jpeg, jpeg]);
});
