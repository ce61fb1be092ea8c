import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../../src/chat/request.ts";
import { toModelId } from "../../../src/kernel/ids.ts";
import { googleGenerate } from "../../../src/protocols/google-generate/client.ts";
import { bodyOf, conversation, lossesOf, model, providerOf } from "../conversation.ts";

test("a conversation that holds nearly everything is written whole, and what changes is named", () => {
  const encoding = googleGenerate.encode(conversation("google-generate"), model, providerOf("google-generate"));
  expect(bodyOf(encoding)).toEqual({
    systemInstruction: { parts: [{ text: "Be brief." }, { text: "Long context." }] },
    contents: [
      {
        role: "user",
        parts: [
          { text: "What is here?" },
          { inlineData: { mimeType: "image/png", data: "iVBO" } },
          { inlineData: { mimeType: "application/pdf", data: "JVBE" } },
        ],
      },
      {
        role: "model",
        parts: [
          { text: "Look it up.", thought: true, thoughtSignature: "EqQB" },
          { text: "One moment." },
          { functionCall: { id: "call_a", name: "look", args: { at: "a" } } },
          { functionCall: { id: "call_b", name: "look", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "call_a", name: "look", response: { output: "A cat." } } },
          { functionResponse: { id: "call_b", name: "look", response: { error: "Nothing there." } } },
          { inlineData: { mimeType: "image/jpeg", data: "/9j/" } },
          { text: "Thank you." },
        ],
      },
    ],
    tools: [
      { functionDeclarations: [{ name: "look", description: "Looks.", parametersJsonSchema: { type: "object", properties: { at: { type: "string" } } } }] },
    ],
    toolConfig: { functionCallingConfig: { mode: "ANY" } },
    generationConfig: { maxOutputTokens: 500, temperature: 0.5, topP: 0.9, stopSequences: ["###"] },
  });
  expect(lossesOf(encoding)).toEqual([
    "lost parallelToolCalls",
    "lost messages[0].content[1].cache",
    "lost messages[1].content[2].cache",
    "lost messages[1].content[2].name",
    "changed messages[3].content[1].content[1]",
  ]);
  expect(encoding.kind === "request" && [encoding.request.method, encoding.request.url, encoding.request.headers]).toEqual([
    "POST",
    "https://api.example.com/v1/models/some-model:streamGenerateContent?alt=sse",
    { "content-type": "application/json", accept: "text/event-stream", "accept-encoding": "identity" },
  ]);
});

describe("a request", () => {
  const encode = (chat: ChatRequest, provider = providerOf("google-generate")) => googleGenerate.encode(chat, model, provider);

  test("that is not streamed has an address of its own, and nothing that was not asked for", () => {
    const encoding = encode(ask("Hi"), providerOf("google-generate", { baseUrl: "https://generativelanguage.googleapis.com/v1beta" }));
    expect(encoding.kind === "request" && encoding.request).toEqual({
      method: "POST",
      url: "https://generativelanguage.googleapis.com/v1beta/models/some-model:generateContent",
      headers: { "content-type": "application/json", accept: "application/json", "accept-encoding": "identity" },
      body: '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}',
    });
  });

  test("names the model once, and never as a path", () => {
    const url = (name: string): unknown => {
      const encoding = googleGenerate.encode(ask("Hi"), toModelId(name), providerOf("google-generate"));
      return encoding.kind === "request" && encoding.request.url;
    };
    expect(url("models/gemini-3-pro")).toBe("https://api.example.com/v1/models/gemini-3-pro:generateContent");
    expect(url("../../evil?x=1")).toBe("https://api.example.com/v1/models/..%2F..%2Fevil%3Fx%3D1:generateContent");
  });

  test("has every setting in the format's own words", () => {
    const chat = ask("Hi", {
      tools: [{ kind: "function", name: "look", parameters: {} }],
      toolChoice: { kind: "tool", name: "look" },
      sampling: { topK: 3, seed: 1 },
      reasoning: { kind: "on", effort: "xhigh", shown: true },
      output: { kind: "json_schema", schema: { type: "object" } },
      extras: { "google-generate": { safetySettings: [] } },
    });
    expect(bodyOf(encode(chat))).toEqual({
      contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      tools: [{ functionDeclarations: [{ name: "look", parametersJsonSchema: {} }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["look"] } },
      generationConfig: {
        topK: 3,
        seed: 1,
        responseMimeType: "application/json",
        responseJsonSchema: { type: "object" },
        thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true },
      },
      safetySettings: [],
    });
    expect(lossesOf(encode(chat))).toEqual(["changed reasoning.effort"]);
  });

  test("embeds one text or several", () => {
    const embed = (texts: string[]) => googleGenerate.encodeEmbedding?.({ texts }, model, providerOf("google-generate"));
    const [one, two] = [embed(["a"]), embed(["a", "b"])];
    const content = (text: string) => ({ model: "models/some-model", content: { parts: [{ text }] } });
    expect(one?.kind === "request" && [one.request.url, bodyOf(one)]).toEqual(["https://api.example.com/v1/models/some-model:embedContent", content("a")]);
    expect(two?.kind === "request" && [two.request.url, bodyOf(two)]).toEqual([
      "https://api.example.com/v1/models/some-model:batchEmbedContents",
      { requests: [content("a"), content("b")] },
    ]);
  });
});

test("a choice goes with functions alone: without them the vendor refuses it", () => {
  const encode = (toolChoice: ChatRequest["toolChoice"] & object) =>
    googleGenerate.encode(
      ask("Hi", { tools: [{ kind: "vendor", dialect: "google-generate", value: { googleSearch: {} } }], toolChoice }),
      model,
      providerOf("google-generate"),
    );
  const bare = { contents: [{ role: "user", parts: [{ text: "Hi" }] }], tools: [{ googleSearch: {} }] };
  expect([bodyOf(encode({ kind: "auto" })), lossesOf(encode({ kind: "auto" }))]).toEqual([bare, []]);
  expect([bodyOf(encode({ kind: "required" })), lossesOf(encode({ kind: "required" }))]).toEqual([bare, ["lost toolChoice"]]);
});
