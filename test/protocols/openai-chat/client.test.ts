import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../../src/chat/request.ts";
import type { EncodeOptions } from "../../../src/protocols/protocol.ts";
import type { Provider } from "../../../src/provider/provider.ts";
import { openaiChat } from "../../../src/protocols/openai-chat/client.ts";
import { bodyOf, conversation, lossesOf, model, providerOf } from "../conversation.ts";

test("a conversation that holds nearly everything is written whole, and what changes is named", () => {
  const encoding = openaiChat.encode(conversation("openai-chat"), model, providerOf("openai-chat"));
  expect(bodyOf(encoding)).toEqual({
    model: "some-model",
    messages: [
      {
        role: "system",
        content: [
          { type: "text", text: "Be brief." },
          { type: "text", text: "Long context." },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "What is here?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
        ],
      },
      {
        role: "assistant",
        content: "One moment.",
        tool_calls: [
          { id: "call_a", type: "function", function: { name: "look", arguments: '{"at":"a"}' } },
          { id: "call_b", type: "function", function: { name: "look", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "call_a", content: "A cat." },
      { role: "tool", tool_call_id: "call_b", content: "Error: Nothing there." },
      { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/jpeg;base64,/9j/" } }] },
      { role: "user", content: "Thank you." },
    ],
    tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: { type: "object", properties: { at: { type: "string" } } } } }],
    tool_choice: "required",
    parallel_tool_calls: false,
    max_completion_tokens: 500,
    temperature: 0.5,
    top_p: 0.9,
    stop: ["###"],
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(lossesOf(encoding)).toEqual([
    "lost messages[0].content[1].cache",
    "lost messages[1].content[2].cache",
    "lost messages[2].content[0]",
    "changed messages[3].content[1].content[1]",
    "changed messages[3].content[1].isError",
  ]);
  expect(encoding.kind === "request" && [encoding.request.method, encoding.request.url, encoding.request.headers]).toEqual([
    "POST",
    "https://api.example.com/v1/chat/completions",
    { "content-type": "application/json", accept: "text/event-stream", "accept-encoding": "identity" },
  ]);
});

describe("a request", () => {
  const encode = (chat: ChatRequest, provider = providerOf("openai-chat")): unknown => bodyOf(openaiChat.encode(chat, model, provider));

  test("says how much may be answered in the provider's own field", () => {
    const limited = (more: Partial<Provider>): unknown => encode(ask("Hi", { maxOutputTokens: 8 }), providerOf("openai-chat", more));
    const rest = { model: "some-model", messages: [{ role: "user", content: "Hi" }] };
    expect(limited({})).toEqual({ ...rest, max_completion_tokens: 8 });
    expect(limited({ quirks: { maxTokensField: "max_tokens" } })).toEqual({ ...rest, max_tokens: 8 });
    expect(limited({ local: true })).toEqual({ ...rest, max_tokens: 8 });
    expect(limited({ local: true, quirks: { maxTokensField: "max_completion_tokens" } })).toEqual({ ...rest, max_completion_tokens: 8 });
  });

  test("names its user in 64 characters at most, whatever the alphabet, or not at all", () => {
    const named = (endUser: string): unknown => {
      const encoding = openaiChat.encode(ask("Hi", { endUser }), model, providerOf("openai-chat"));
      return [(bodyOf(encoding) as Record<string, unknown>)["user"], lossesOf(encoding)];
    };
    expect([named("🚂".repeat(64)), named("u".repeat(65))]).toEqual([
      ["🚂".repeat(64), []],
      [undefined, ["lost endUser"]],
    ]);
  });

  test("has every setting in the format's own words", () => {
    const chat = ask("Hi", {
      tools: [{ kind: "function", name: "look", parameters: {} }],
      toolChoice: { kind: "tool", name: "look" },
      sampling: { seed: 1, frequencyPenalty: 0.1, presencePenalty: 0.2 },
      reasoning: { kind: "on", effort: "low" },
      output: { kind: "json_schema", schema: { type: "object" }, strict: true },
      endUser: "u1",
      extras: { "openai-chat": { logprobs: true }, "anthropic-messages": { container: "x" } },
    });
    expect(encode(chat)).toEqual({
      model: "some-model",
      messages: [{ role: "user", content: "Hi" }],
      tools: [{ type: "function", function: { name: "look", parameters: {} } }],
      tool_choice: { type: "function", function: { name: "look" } },
      seed: 1,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      reasoning_effort: "low",
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" }, strict: true } },
      user: "u1",
      logprobs: true,
    });
    expect(encode(ask("Hi", { reasoning: { kind: "off" }, output: { kind: "json" } }))).toMatchObject({
      reasoning_effort: "none",
      response_format: { type: "json_object" },
    });
  });

  test("names what it cannot carry", () => {
    const chat: ChatRequest = {
      messages: [
        {
          role: "user",
          content: [
            { kind: "image", source: { kind: "file", id: "f", dialect: "anthropic-messages" } },
            { kind: "document", source: { kind: "url", url: "https://example.com/a.pdf" } },
            { kind: "vendor", dialect: "google-generate", value: {} },
          ],
        },
        { role: "assistant", content: [{ kind: "vendor", dialect: "anthropic-messages", value: {} }] },
      ],
      sampling: { topK: 3 },
      tools: [{ kind: "vendor", dialect: "anthropic-messages", value: {} }],
      reasoning: { kind: "on", effort: "max", budgetTokens: 9, shown: true },
    };
    expect(lossesOf(openaiChat.encode(chat, model, providerOf("openai-chat")))).toEqual([
      "lost sampling.topK",
      "lost messages[0].content[0]",
      "lost messages[0].content[1]",
      "lost messages[0].content[2]",
      "lost messages[1].content[0]",
      "lost tools[0]",
      "lost reasoning.budgetTokens",
      "lost reasoning.shown",
      "changed reasoning.effort",
    ]);
  });

  test("goes to a deployment of Azure by its path, or by the body below /v1", () => {
    const azure = providerOf("openai-chat", { baseUrl: undefined, quirks: { addressing: "azure-deployment" } });
    const url = ({ baseUrl, ...options }: EncodeOptions & { readonly baseUrl?: string }): unknown => {
      const encoding = openaiChat.encode(ask("Hi"), model, { ...azure, baseUrl }, options);
      return encoding.kind === "request" ? [encoding.request.url, (bodyOf(encoding) as { model: string }).model] : encoding;
    };
    expect(url({})).toEqual({ kind: "unaddressed", missing: ["resource"] });
    expect(url({ account: { resource: "mine" } })).toEqual([
      "https://mine.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2024-10-21",
      "some-model",
    ]);
    expect(url({ account: { resource: "mine", deployment: "my gpt", apiVersion: "2025-04-01-preview" } })).toEqual([
      "https://mine.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2025-04-01-preview",
      "my gpt",
    ]);
    expect(url({ baseUrl: "https://mine.openai.azure.com/openai/v1/", account: { deployment: "d" } })).toEqual([
      "https://mine.openai.azure.com/openai/v1/chat/completions",
      "d",
    ]);
    expect(url({ baseUrl: "https://mine.openai.azure.com/openai/deployments/d" })).toEqual([
      "https://mine.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
      "some-model",
    ]);
  });
});

test("texts and documents have calls of their own", () => {
  const provider = providerOf("openai-chat");
  const embedding = openaiChat.encodeEmbedding?.({ texts: ["a"], dimensions: 2 }, model, provider);
  expect(embedding?.kind === "request" && [embedding.request.url, embedding.request.body]).toEqual([
    "https://api.example.com/v1/embeddings",
    '{"model":"some-model","input":"a","dimensions":2}',
  ]);
  const rerank = openaiChat.encodeRerank?.({ query: "q", documents: ["a", "b"], topCount: 1 }, model, provider);
  expect(rerank?.kind === "request" && [rerank.request.url, rerank.request.body]).toEqual([
    "https://api.example.com/v1/rerank",
    '{"model":"some-model","query":"q","documents":["a","b"],"top_n":1}',
  ]);
});

describe("where no tool is left", () => {
  const encode = (more: Partial<ChatRequest>) => openaiChat.encode(ask("Hi", more), model, providerOf("openai-chat"));
  const bare = { model: "some-model", messages: [{ role: "user", content: "Hi" }] };

  test("neither tools nor what goes with them is sent: OpenAI refuses a list of none, and a choice without one", () => {
    for (const toolChoice of [undefined, { kind: "auto" }, { kind: "none" }] as const) {
      const encoding = encode({ tools: [], parallelToolCalls: true, ...(toolChoice && { toolChoice }) });
      expect([bodyOf(encoding), lossesOf(encoding)]).toEqual([bare, []]);
    }
  });

  test("a choice that forces a call is named as lost", () => {
    const encoding = encode({ tools: [{ kind: "vendor", dialect: "openai-responses", value: { type: "web_search" } }], toolChoice: { kind: "required" } });
    expect([bodyOf(encoding), lossesOf(encoding)]).toEqual([bare, ["lost tools[0]", "lost toolChoice"]]);
  });
});

test("what tools show follows behind the last of their answers, one message each as they may be", () => {
  const shown = (callId: string): ChatRequest["messages"][number] => ({
    role: "tool",
    content: [{ kind: "tool_result", callId, content: [{ kind: "image", source: { kind: "url", url: `https://example.com/${callId}.png` } }] }],
  });
  const messages = [shown("a"), shown("b"), { role: "user", content: [{ kind: "text", text: "And?" }] }, shown("c")] as const;
  const image = (id: string) => ({ type: "image_url", image_url: { url: `https://example.com/${id}.png` } });
  expect((bodyOf(openaiChat.encode({ messages }, model, providerOf("openai-chat"))) as { messages: unknown }).messages).toEqual([
    { role: "tool", tool_call_id: "a", content: "" },
    { role: "tool", tool_call_id: "b", content: "" },
    { role: "user", content: [image("a"), image("b")] },
    { role: "user", content: "And?" },
    { role: "tool", tool_call_id: "c", content: "" },
    { role: "user", content: [image("c")] },
  ]);
});
