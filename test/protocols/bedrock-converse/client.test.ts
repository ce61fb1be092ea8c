import { describe, expect, test } from "vitest";
import { ask } from "../../../src/chat/request.ts";
import { toModelId } from "../../../src/kernel/ids.ts";
import { bedrockConverse } from "../../../src/protocols/bedrock-converse/client.ts";
import { bodyOf, conversation, lossesOf, model, providerOf } from "../conversation.ts";

test("a conversation that holds nearly everything is written whole, and what changes is named", () => {
  const encoding = bedrockConverse.encode(conversation("bedrock-converse"), model, providerOf("bedrock-converse"));
  expect(bodyOf(encoding)).toEqual({
    system: [{ text: "Be brief." }, { text: "Long context." }, { cachePoint: { type: "default", ttl: "1h" } }],
    messages: [
      {
        role: "user",
        content: [
          { text: "What is here?" },
          { image: { format: "png", source: { bytes: "iVBO" } } },
          { document: { format: "pdf", name: "a-pdf", source: { bytes: "JVBE" } } },
          { cachePoint: { type: "default" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: "Look it up.", signature: "EqQB" } } },
          { text: "One moment." },
          { toolUse: { toolUseId: "call_a", name: "look", input: { at: "a" } } },
          { toolUse: { toolUseId: "call_b", name: "look", input: {} } },
        ],
      },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "call_a", content: [{ text: "A cat." }] } },
          {
            toolResult: {
              toolUseId: "call_b",
              content: [{ text: "Nothing there." }, { image: { format: "jpeg", source: { bytes: "/9j/" } } }],
              status: "error",
            },
          },
          { text: "Thank you." },
        ],
      },
    ],
    inferenceConfig: { maxTokens: 500, temperature: 0.5, topP: 0.9, stopSequences: ["###"] },
    toolConfig: {
      tools: [{ toolSpec: { name: "look", description: "Looks.", inputSchema: { json: { type: "object", properties: { at: { type: "string" } } } } } }],
      toolChoice: { any: {} },
    },
  });
  expect(lossesOf(encoding)).toEqual(["lost parallelToolCalls", "changed messages[1].content[2].name"]);
  expect(encoding.kind === "request" && [encoding.request.method, encoding.request.url, encoding.request.headers]).toEqual([
    "POST",
    "https://api.example.com/v1/model/some-model/converse-stream",
    { "content-type": "application/json", accept: "application/vnd.amazon.eventstream", "accept-encoding": "identity" },
  ]);
});

describe("a request", () => {
  test("carries an ARN as one part of its path", () => {
    const arn = toModelId("arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.x-v1:0");
    const bedrock = providerOf("bedrock-converse", { baseUrl: undefined, quirks: { addressing: "bedrock-region" } });
    expect(bedrockConverse.encode(ask("Hi"), arn, bedrock)).toEqual({ kind: "unaddressed", missing: ["region"] });
    const encoding = bedrockConverse.encode(ask("Hi"), arn, bedrock, { account: { region: "us-east-1" } });
    expect(encoding.kind === "request" && encoding.request).toEqual({
      method: "POST",
      url: "https://bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.x-v1%3A0/converse",
      headers: { "content-type": "application/json", accept: "application/json", "accept-encoding": "identity" },
      body: '{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}',
    });
  });

  test("names what it cannot carry", () => {
    const chat = ask("Hi", {
      sampling: { topK: 3 },
      reasoning: { kind: "on" },
      output: { kind: "json" },
      toolChoice: { kind: "none" },
      tools: [{ kind: "function", name: "look", parameters: {}, strict: true }],
    });
    const encoding = bedrockConverse.encode(
      {
        ...chat,
        messages: [
          {
            role: "user",
            content: [
              { kind: "image", source: { kind: "url", url: "https://example.com/a.png" } },
              { kind: "text", text: "Hi" },
            ],
          },
        ],
      },
      model,
      providerOf("bedrock-converse"),
    );
    expect(lossesOf(encoding)).toEqual([
      "lost sampling.topK",
      "lost reasoning",
      "lost output",
      "lost messages[0].content[0]",
      "lost tools[0].strict",
      "changed toolChoice",
    ]);
    expect(bodyOf(encoding)).toEqual({ messages: [{ role: "user", content: [{ text: "Hi" }] }] });
  });

  test("offers its tools even where none may be called, when the conversation has calls: without them it is refused", () => {
    const { messages, tools = [] } = conversation("bedrock-converse");
    const encoding = bedrockConverse.encode({ messages, tools, toolChoice: { kind: "none" } }, model, providerOf("bedrock-converse"));
    expect(bodyOf(encoding)).toMatchObject({ toolConfig: { tools: [{ toolSpec: { name: "look" } }] } });
    expect(lossesOf(encoding).filter((line) => line.endsWith("toolChoice"))).toEqual(["lost toolChoice"]);
  });

  test("names a setting once that the format and the model both leave out", () => {
    const encoding = bedrockConverse.encode(ask("Hi", { sampling: { topK: 3 } }), toModelId("anthropic.claude-opus-4-7"), providerOf("bedrock-converse"));
    expect(lossesOf(encoding)).toEqual(["lost sampling.topK"]);
  });
});
