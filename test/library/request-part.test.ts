import { describe, expect, test } from "vitest";
import { understood } from "../../src/library/request.ts";

const says = (role: string, ...content: unknown[]) => ({ messages: [{ role, content }] });
const picture = (source: unknown) => says("user", "What is it?", { kind: "image", source });

describe("a request of another shape names its field", () => {
  test.each<[request: object, message: string]>([
    [{ prompt: "hi", tools: {} }, "tools is no list"],
    [{ prompt: "hi", tools: [null] }, "tools[0] is no tool: give a `name` and `parameters`"],
    [{ prompt: "hi", tools: [{ parameters: {} }] }, "tools[0].name is no text"],
    [{ prompt: "hi", tools: [{ name: "weather", parameters: "city" }] }, "tools[0].parameters is no JSON Schema of an object"],
    [{ prompt: "hi", tools: [{ kind: "robot" }] }, "tools[0].kind is neither function nor vendor"],
    [
      picture(undefined),
      'messages[0].content[1].source is no source: { kind: "url", url }, { kind: "data", mediaType, base64 } or { kind: "file", id, dialect }',
    ],
    [picture({ kind: "data", mediaType: "image/png" }), "messages[0].content[1].source.base64 is no text"],
    [says("user", { kind: "hologram" }), "messages[0].content[0] is no part of that place: its `kind` may be text, image, document, audio, vendor"],
    [says("user", null), "messages[0].content[0] is no part of that place: its `kind` may be text, image, document, audio, vendor"],
    [says("user", { kind: "text" }), "messages[0].content[0].text is no text"],
    [says("assistant", { kind: "tool_call", id: "1", name: "weather" }), "messages[0].content[0].arguments is no text"],
    [says("tool", { kind: "tool_result", callId: "1" }), "messages[0].content[0].content is no list of parts"],
    [{ messages: [{ role: "tool", callId: 7, content: "Rain" }] }, "messages[0].callId is no text"],
  ])("%j", (request, message) => {
    expect(() => understood(request)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID", message }));
  });
});

test("parts of every kind are taken as they stand", () => {
  const signature = { dialect: "anthropic-messages", value: "signed" };
  const source = { kind: "data", mediaType: "image/png", base64: "AAAA" } as const;
  const messages = [
    { role: "system", content: [{ kind: "text", text: "Be short." }] },
    {
      role: "user",
      content: [
        { kind: "image", source },
        { kind: "image", source: { kind: "url", url: "https://lab.example/a.png" } },
        { kind: "document", source: { kind: "file", id: "f1", dialect: "openai-responses" } },
        { kind: "document", source: { kind: "text", text: "Once." } },
        { kind: "audio", base64: "AAAA", format: "wav" },
        { kind: "vendor", dialect: "openai-chat", value: {} },
      ],
    },
    {
      role: "assistant",
      content: [
        { kind: "thinking", text: "", signature },
        { kind: "refusal", text: "No." },
        { kind: "tool_call", id: "1", name: "weather", arguments: "{" },
      ],
    },
    { role: "tool", content: [{ kind: "tool_result", callId: "1", content: [{ kind: "image", source }] }] },
  ] as const;
  const tools = [{ kind: "vendor", dialect: "openai-responses", value: {} }] as const;
  expect(understood({ messages, tools }).chat).toEqual({ messages, tools });
});
