import type { ChatRequest } from "../../src/chat/request.ts";
import { toModelId } from "../../src/kernel/ids.ts";
import type { Encoding, Loss } from "../../src/protocols/protocol.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Provider } from "../../src/provider/provider.ts";

export const model = toModelId("some-model");

/** A provider of a protocol, at an address of nobody. */
export function providerOf(protocol: ProtocolId, more: Partial<Provider> = {}): Provider {
  return {
    id: "somebody",
    label: "Somebody",
    protocol,
    baseUrl: "https://api.example.com/v1",
    auth: [],
    docs: "",
    quirks: {},
    source: { url: "https://example.com", checkedOn: "2026-11-21" },
    ...more,
  };
}

/** A conversation that holds nearly everything; its reasoning was made by `dialect`. */
export function conversation(dialect: string): ChatRequest {
  return {
    messages: [
      {
        role: "system",
        content: [
          { kind: "text", text: "Be brief." },
          { kind: "text", text: "Long context.", cache: { ttl: "1h" } },
        ],
      },
      {
        role: "user",
        content: [
          { kind: "text", text: "What is here?" },
          { kind: "image", source: { kind: "data", mediaType: "image/png", base64: "iVBO" } },
          { kind: "document", name: "a.pdf", source: { kind: "data", mediaType: "application/pdf", base64: "JVBE" }, cache: {} },
        ],
      },
      {
        role: "assistant",
        content: [
          { kind: "thinking", text: "Look it up.", signature: { dialect, value: "EqQB", id: "rs_1" } },
          { kind: "text", text: "One moment." },
          { kind: "tool_call", id: "call_a", name: "look", arguments: '{"at":"a"}' },
          { kind: "tool_call", id: "call_b", name: "look", arguments: "" },
        ],
      },
      {
        role: "tool",
        content: [
          { kind: "tool_result", callId: "call_a", content: [{ kind: "text", text: "A cat." }] },
          {
            kind: "tool_result",
            callId: "call_b",
            isError: true,
            content: [
              { kind: "text", text: "Nothing there." },
              { kind: "image", source: { kind: "data", mediaType: "image/jpeg", base64: "/9j/" } },
            ],
          },
        ],
      },
      { role: "user", content: [{ kind: "text", text: "Thank you." }] },
    ],
    tools: [{ kind: "function", name: "look", description: "Looks.", parameters: { type: "object", properties: { at: { type: "string" } } } }],
    toolChoice: { kind: "required" },
    parallelToolCalls: false,
    maxOutputTokens: 500,
    sampling: { temperature: 0.5, topP: 0.9 },
    stopSequences: ["###"],
    stream: true,
  };
}

/** The body of an encoded request, parsed; the test fails when there is none. */
export function bodyOf(encoding: Encoding): unknown {
  return encoding.kind === "request" ? JSON.parse(encoding.request.body ?? "") : encoding;
}

/** `lost messages[0].content[1].cache`, … */
export function lossesOf(encoding: Encoding): string[] {
  return encoding.kind === "request" ? encoding.losses.map(({ how, field }: Loss) => `${how} ${field}`) : [];
}
