import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ChatMessage, ChatRequest, UserPart } from "../../src/chat/request.ts";
import { protocols } from "../../src/protocols/index.ts";
import { encodeAs } from "../../src/protocols/translation.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import { lossesOf, model, providerOf } from "./conversation.ts";

/** In the order of the page's columns. */
const FORMATS: readonly ProtocolId[] = ["openai-chat", "openai-responses", "anthropic-messages", "google-generate", "bedrock-converse"];

const user = (...content: UserPart[]): ChatMessage => ({ role: "user", content });
const hi = user({ kind: "text", text: "Hi" });
const system: ChatMessage = { role: "system", content: [{ kind: "text", text: "Be brief." }] };
const tool = { kind: "function", name: "look", description: "Looks", parameters: { type: "object", properties: {} } } as const;
const call: ChatMessage = { role: "assistant", content: [{ kind: "tool_call", id: "call_1", name: "look", arguments: "{}" }] };
const calls: ChatMessage = {
  role: "assistant",
  content: [
    { kind: "tool_call", id: "call_1", name: "look", arguments: "{}" },
    { kind: "tool_call", id: "call_2", name: "look", arguments: '{"a":1}' },
  ],
};
const result = (id: string, more: object = {}): ChatMessage => ({
  role: "tool",
  content: [{ kind: "tool_result", callId: id, name: "look", content: [{ kind: "text", text: "x" }], ...more }],
});
const png = { kind: "data", mediaType: "image/png", base64: "iVBORw0KGgo=" } as const;
const pdf = { kind: "data", mediaType: "application/pdf", base64: "JVBERi0=" } as const;
const of = (...messages: ChatMessage[]): ChatRequest => ({ messages });
const set = (more: Omit<ChatRequest, "messages">): ChatRequest => ({ messages: [hi], ...more });
const thought = (dialect: string): ChatRequest =>
  of(
    hi,
    {
      role: "assistant",
      content: [
        { kind: "thinking", text: "Hm.", signature: { dialect, value: "c2ln" } },
        { kind: "text", text: "Yes" },
      ],
    },
    hi,
  );

/** What each row of the page is about, at its hardest where it says that some arrives; by format where that makes a difference. */
const ROWS: Readonly<Record<string, (format: ProtocolId) => ChatRequest>> = {
  "system text at the head": () => of(system, hi),
  "system text later on": () => of(hi, { role: "assistant", content: [{ kind: "text", text: "Yes" }] }, system, hi),
  "images by data": () => of(user({ kind: "image", source: png })),
  "images by address": () => of(user({ kind: "image", source: { kind: "url", url: "https://example.com/a.png", mediaType: "image/png" } })),
  "documents by data": () => of(user({ kind: "document", source: pdf, name: "a.pdf" })),
  "documents by address": () => of(user({ kind: "document", source: { kind: "url", url: "https://example.com/a.pdf", mediaType: "application/pdf" } })),
  "documents of plain text": () => of(user({ kind: "document", source: { kind: "text", text: "x" } })),
  "audio of a user": () => of(user({ kind: "audio", base64: "UklGRg==", format: "wav" })),
  "tools, their schemas, tool choice": () => set({ tools: [tool], toolChoice: { kind: "required" } }),
  "one call at a time (`parallel_tool_calls: false`)": () => set({ tools: [tool], parallelToolCalls: false }),
  "calls, several at once, and their results": () => ({
    ...of(hi, calls, { role: "tool", content: [...result("call_1").content, ...result("call_2").content] } as ChatMessage),
    tools: [tool],
  }),
  "images that a tool answers": () => ({ ...of(hi, call, result("call_1", { content: [{ kind: "image", source: png }] })), tools: [tool] }),
  "a tool's failure": () => ({ ...of(hi, call, result("call_1", { isError: true })), tools: [tool] }),
  "reasoning signed in the same format": (format) => thought(format),
  "reasoning signed in another format": () => thought("another"),
  "stop sequences": () => set({ stopSequences: ["X"] }),
  "temperature, top_p": () => set({ sampling: { temperature: 0.5, topP: 0.5 } }),
  top_k: () => set({ sampling: { topK: 5 } }),
  "seed, penalties": () => set({ sampling: { seed: 1, frequencyPenalty: 0.5, presencePenalty: 0.5 } }),
  "effort of reasoning": () => set({ reasoning: { kind: "on", effort: "high" } }),
  "budget of reasoning": () => ({ ...set({ reasoning: { kind: "on", budgetTokens: 2048 } }), maxOutputTokens: 4096 }),
  "JSON of any shape": () => set({ output: { kind: "json" } }),
  "JSON by a schema": () => set({ output: { kind: "json_schema", schema: tool.parameters } }),
  "marks for caching": () => of(user({ kind: "text", text: "Hi", cache: {} })),
  "limit of the answer": () => set({ maxOutputTokens: 100 }),
  "the user's name for abuse watch": () => set({ endUser: "u1" }),
  "settings that one format alone has": (format) => set({ extras: { [format === "openai-chat" ? "anthropic-messages" : "openai-chat"]: { logprobs: true } } }),
};

function sign(format: ProtocolId, chat: ChatRequest): "=" | "~" | "-" {
  const encoding = encodeAs(protocols[format], chat, model, providerOf(format));
  if (encoding.kind !== "request") throw new Error("no address");
  if (encoding.losses.some(({ how }) => how === "lost")) return "-";
  return encoding.losses.length > 0 ? "~" : "=";
}

test("the table of docs/translation.md says what the formats do", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/translation.md"), "utf8");
  const table = page.slice(page.indexOf("## What is carried"), page.indexOf("## What may look different"));
  const written = Object.fromEntries(
    table
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| |"))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
      .map(([label = "", ...cells]) => [label, cells.map((cell) => cell.slice(0, 1)).join(" ")]),
  );
  const found = Object.fromEntries(Object.entries(ROWS).map(([label, chat]) => [label, FORMATS.map((format) => sign(format, chat(format))).join(" ")]));
  expect(written).toEqual(found);
});

describe("within a tool's answer", () => {
  const answered = of(
    hi,
    call,
    result("call_1", {
      cache: {},
      content: [
        { kind: "text", text: "x", cache: {} },
        { kind: "image", source: png, cache: {} },
      ],
    }),
  );
  const inner = ["messages[2].content[0].content[0].cache", "messages[2].content[0].content[1].cache"];
  const all = ["messages[2].content[0].cache", ...inner];

  test.each([
    ["openai-chat", all],
    ["openai-responses", all],
    ["anthropic-messages", []],
    ["google-generate", all],
    ["bedrock-converse", inner],
  ] as const)("%s names the marks for caching that it does not carry, each once", (format, expected) => {
    const lost = lossesOf(encodeAs(protocols[format], { ...answered, tools: [tool] }, model, providerOf(format))).filter((line) => line.endsWith(".cache"));
    expect(lost).toEqual(expected.map((field) => `lost ${field}`));
  });
});

describe("a name", () => {
  const named = (source: Extract<UserPart, { kind: "document" }>["source"], name = "a.txt"): ChatRequest => of(user({ kind: "document", source, name }));
  const text = { kind: "text", text: "x" } as const;
  const kept = { kind: "file", id: "file-1", dialect: "openai-chat" } as const;
  const address = { kind: "url", url: "https://example.com/a.txt" } as const;
  const schema: ChatRequest = set({ output: { kind: "json_schema", schema: tool.parameters, name: "answer", description: "It" } });
  const NAME = "lost messages[0].content[0].name";

  test.each([
    ["openai-chat", named(text), ["changed messages[0].content[0]", NAME]],
    ["openai-responses", named(text), ["changed messages[0].content[0]", NAME]],
    ["google-generate", named(text), [NAME, "changed messages[0].content[0]"]],
    ["openai-chat", named(kept), [NAME]],
    ["openai-responses", named(kept), [NAME]],
    ["openai-responses", named(address), [NAME]],
    ["openai-chat", schema, []],
    ["openai-responses", schema, []],
    ["anthropic-messages", schema, ["lost output.name", "lost output.description"]],
    ["google-generate", schema, ["lost output.name", "lost output.description"]],
  ] as const)("that %s has no place for is named", (format, chat, expected) => {
    expect(lossesOf(encodeAs(protocols[format], chat, model, providerOf(format)))).toEqual(expected);
  });
});

test.each(FORMATS)("a message of which nothing is left does not go to %s: nobody takes an empty one", (format) => {
  const chat = of(hi, call, result("call_1"), user({ kind: "vendor", dialect: "another", value: {} }));
  const encoding = encodeAs(protocols[format], { ...chat, tools: [tool] }, model, providerOf(format));
  expect(lossesOf(encoding)).toEqual(["lost messages[3].content[0]"]);
  expect(encoding).toEqual({
    ...encodeAs(protocols[format], { ...of(hi, call, result("call_1")), tools: [tool] }, model, providerOf(format)),
    losses: [expect.objectContaining({ field: "messages[3].content[0]" })],
  });
});
