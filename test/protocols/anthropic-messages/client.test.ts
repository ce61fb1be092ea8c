import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../../src/chat/request.ts";
import type { EncodeOptions } from "../../../src/protocols/protocol.ts";
import { anthropicMessages } from "../../../src/protocols/anthropic-messages/client.ts";
import { bodyOf, conversation, lossesOf, model, providerOf } from "../conversation.ts";

test("a conversation that holds nearly everything is written whole, and what changes is named", () => {
  const encoding = anthropicMessages.encode(conversation("anthropic-messages"), model, providerOf("anthropic-messages"));
  expect(bodyOf(encoding)).toEqual({
    model: "some-model",
    max_tokens: 500,
    system: [
      { type: "text", text: "Be brief." },
      { type: "text", text: "Long context.", cache_control: { type: "ephemeral", ttl: "1h" } },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is here?" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } },
          { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBE" }, title: "a.pdf", cache_control: { type: "ephemeral" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Look it up.", signature: "EqQB" },
          { type: "text", text: "One moment." },
          { type: "tool_use", id: "call_a", name: "look", input: { at: "a" } },
          { type: "tool_use", id: "call_b", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_a", content: [{ type: "text", text: "A cat." }] },
          {
            type: "tool_result",
            tool_use_id: "call_b",
            content: [
              { type: "text", text: "Nothing there." },
              { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "/9j/" } },
            ],
            is_error: true,
          },
          { type: "text", text: "Thank you." },
        ],
      },
    ],
    tools: [{ name: "look", description: "Looks.", input_schema: { type: "object", properties: { at: { type: "string" } } } }],
    tool_choice: { type: "any", disable_parallel_tool_use: true },
    temperature: 0.5,
    top_p: 0.9,
    stop_sequences: ["###"],
    stream: true,
  });
  expect(lossesOf(encoding)).toEqual([]);
  expect(encoding.kind === "request" && [encoding.request.method, encoding.request.url, encoding.request.headers]).toEqual([
    "POST",
    "https://api.example.com/v1/messages",
    { "content-type": "application/json", accept: "text/event-stream", "accept-encoding": "identity", "anthropic-version": "2023-06-01" },
  ]);
});

describe("a request", () => {
  const encode = (chat: ChatRequest, options?: EncodeOptions) => anthropicMessages.encode(chat, model, providerOf("anthropic-messages"), options);

  test("has a limit even where none was asked for", () => {
    expect(bodyOf(encode(ask("Hi")))).toEqual({ model: "some-model", max_tokens: 4096, messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }] });
    expect(bodyOf(encode(ask("Hi"), { defaultOutputTokens: 64_000 }))).toMatchObject({ max_tokens: 64_000 });
  });

  test("goes below /v1, which base URLs of the format leave out, and some people write", () => {
    const urls = ["https://a.example", "https://a.example/v1", "https://a.example/anthropic/"].map((baseUrl) =>
      anthropicMessages.encode(ask("Hi"), model, providerOf("anthropic-messages", { baseUrl })),
    );
    expect(urls.map((encoding) => encoding.kind === "request" && encoding.request.url)).toEqual([
      "https://a.example/v1/messages",
      "https://a.example/v1/messages",
      "https://a.example/anthropic/v1/messages",
    ]);
  });

  test("asks for reasoning by an effort or a budget, and says where a budget was changed", () => {
    const thinking = (reasoning: ChatRequest["reasoning"], maxOutputTokens = 2000) =>
      encode(ask("Hi", { maxOutputTokens, ...(reasoning === undefined ? {} : { reasoning }) }));
    expect(bodyOf(thinking({ kind: "off" }))).toMatchObject({ thinking: { type: "disabled" } });
    expect(bodyOf(thinking({ kind: "on", effort: "minimal", shown: false }))).toMatchObject({
      thinking: { type: "adaptive", display: "omitted" },
      output_config: { effort: "low" },
    });
    expect(bodyOf(thinking({ kind: "on", budgetTokens: 1500 }))).toMatchObject({ thinking: { type: "enabled", budget_tokens: 1500 } });
    expect(lossesOf(thinking({ kind: "on", budgetTokens: 1500 }))).toEqual([]);
    expect(lossesOf(thinking({ kind: "on", budgetTokens: 5000 }))).toEqual(["changed reasoning.budgetTokens"]);
    expect(lossesOf(thinking({ kind: "on", effort: "minimal" }))).toEqual(["changed reasoning.effort"]);
  });

  test("names what it cannot carry", () => {
    const chat: ChatRequest = {
      messages: [
        {
          role: "user",
          name: "eve",
          content: [
            { kind: "text", text: "" },
            { kind: "audio", base64: "", format: "wav" },
          ],
        },
        {
          role: "assistant",
          content: [
            { kind: "thinking", text: "…" },
            { kind: "refusal", text: "No." },
            { kind: "tool_call", id: "c", name: "n", arguments: "{broken" },
          ],
        },
        { role: "developer", content: [{ kind: "text", text: "Later." }] },
      ],
      sampling: { seed: 1 },
      toolChoice: { kind: "required" },
      output: { kind: "json" },
    };
    expect(lossesOf(encode(chat))).toEqual([
      "lost sampling.seed",
      "lost messages[0].name",
      "lost messages[0].content[1]",
      "lost messages[1].content[0]",
      "changed messages[1].content[1]",
      "lost messages[1].content[2].arguments",
      "changed messages[2]",
      "lost toolChoice",
      "lost output",
    ]);
  });
});

test("stop sequences of white space alone are left out and named: the vendor refuses them", () => {
  const encode = (...stopSequences: string[]) => anthropicMessages.encode(ask("Hi", { stopSequences }), model, providerOf("anthropic-messages"));
  const stops = (encoding: ReturnType<typeof encode>): unknown => (bodyOf(encoding) as Record<string, unknown>)["stop_sequences"];
  expect([stops(encode("\n", "END", "\t ")), lossesOf(encode("\n", "END", "\t "))]).toEqual([["END"], ["lost stopSequences[0]", "lost stopSequences[2]"]]);
  expect([stops(encode("\n")), lossesOf(encode("\n"))]).toEqual([undefined, ["lost stopSequences[0]"]]);
});

test("a choice among tools none of which the format knows is named, and not sent", () => {
  const chat = ask("Hi", { tools: [{ kind: "vendor", dialect: "openai-responses", value: { type: "web_search" } }], toolChoice: { kind: "required" } });
  const encoding = anthropicMessages.encode(chat, model, providerOf("anthropic-messages"));
  expect((bodyOf(encoding) as Record<string, unknown>)["tool_choice"]).toBeUndefined();
  expect(lossesOf(encoding)).toEqual(["lost tools[0]", "lost toolChoice"]);
});
