import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../../src/chat/request.ts";
import { openaiResponses } from "../../../src/protocols/openai-responses/client.ts";
import { bodyOf, conversation, lossesOf, model, providerOf } from "../conversation.ts";

test("a conversation that holds nearly everything is written whole, and what changes is named", () => {
  const encoding = openaiResponses.encode(conversation("openai-responses"), model, providerOf("openai-responses"));
  expect(bodyOf(encoding)).toEqual({
    model: "some-model",
    input: [
      {
        role: "system",
        content: [
          { type: "input_text", text: "Be brief." },
          { type: "input_text", text: "Long context." },
        ],
      },
      {
        role: "user",
        content: [
          { type: "input_text", text: "What is here?" },
          { type: "input_image", detail: "auto", image_url: "data:image/png;base64,iVBO" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" },
        ],
      },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Look it up." }], encrypted_content: "EqQB" },
      { role: "assistant", content: "One moment." },
      { type: "function_call", call_id: "call_a", name: "look", arguments: '{"at":"a"}' },
      { type: "function_call", call_id: "call_b", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_a", output: "A cat." },
      {
        type: "function_call_output",
        call_id: "call_b",
        output: [
          { type: "input_text", text: "Error:" },
          { type: "input_text", text: "Nothing there." },
          { type: "input_image", detail: "auto", image_url: "data:image/jpeg;base64,/9j/" },
        ],
      },
      { role: "user", content: "Thank you." },
    ],
    tools: [{ type: "function", name: "look", description: "Looks.", parameters: { type: "object", properties: { at: { type: "string" } } }, strict: false }],
    tool_choice: "required",
    parallel_tool_calls: false,
    max_output_tokens: 500,
    temperature: 0.5,
    top_p: 0.9,
    store: false,
    stream: true,
  });
  expect(lossesOf(encoding)).toEqual([
    "lost stopSequences",
    "lost messages[0].content[1].cache",
    "lost messages[1].content[2].cache",
    "changed messages[3].content[1].isError",
  ]);
  expect(encoding.kind === "request" && [encoding.request.method, encoding.request.url, encoding.request.headers]).toEqual([
    "POST",
    "https://api.example.com/v1/responses",
    { "content-type": "application/json", accept: "text/event-stream", "accept-encoding": "identity" },
  ]);
});

describe("a request", () => {
  test("asks for sealed reasoning where it asks for reasoning, and keeps nothing at the vendor", () => {
    const chat = ask("Hi", { reasoning: { kind: "on", effort: "max", shown: true }, output: { kind: "json_schema", name: "n", schema: {} } });
    expect(bodyOf(openaiResponses.encode(chat, model, providerOf("openai-responses")))).toEqual({
      model: "some-model",
      input: [{ role: "user", content: "Hi" }],
      reasoning: { effort: "xhigh", summary: "auto" },
      include: ["reasoning.encrypted_content"],
      text: { format: { type: "json_schema", name: "n", schema: {} } },
      store: false,
    });
  });

  test("to ChatGPT's own endpoint has instructions, is a stream, and has no limit", () => {
    const codex = providerOf("openai-responses", { baseUrl: "https://chatgpt.com/backend-api", quirks: { addressing: "codex-backend" } });
    const encoding = openaiResponses.encode({ ...ask("Hi", { maxOutputTokens: 8 }) }, model, codex);
    expect(encoding.kind === "request" && encoding.request).toEqual({
      method: "POST",
      url: "https://chatgpt.com/backend-api/codex/responses",
      headers: { "content-type": "application/json", accept: "text/event-stream", "accept-encoding": "identity", "openai-beta": "responses=experimental" },
      body: '{"model":"some-model","instructions":"You are a helpful assistant.","input":[{"role":"user","content":"Hi"}],"store":false,"stream":true}',
    });
    expect(lossesOf(encoding)).toEqual(["lost maxOutputTokens"]);
    const instructed = openaiResponses.encode(
      { messages: [{ role: "system", content: [{ kind: "text", text: "Be brief." }] }, ...ask("Hi").messages] },
      model,
      codex,
    );
    expect(bodyOf(instructed)).toMatchObject({ instructions: "Be brief.", input: [{ role: "user", content: "Hi" }] });
  });

  test("says nothing of reasoning that is asked for without an effort, and names it, but for a summary", () => {
    const reasoned = (reasoning: NonNullable<ChatRequest["reasoning"]>) => {
      const encoding = openaiResponses.encode(ask("Hi", { reasoning }), model, providerOf("openai-responses"));
      return [(bodyOf(encoding) as Record<string, unknown>)["reasoning"], lossesOf(encoding)];
    };
    expect([reasoned({ kind: "on" }), reasoned({ kind: "on", budgetTokens: 2000 }), reasoned({ kind: "on", shown: true })]).toEqual([
      [undefined, ["lost reasoning"]],
      [undefined, ["lost reasoning.budgetTokens", "lost reasoning"]],
      [{ summary: "auto" }, []],
    ]);
  });

  test("has a limit of 16 at least, for a smaller one is refused", () => {
    const limited = (maxOutputTokens: number) => {
      const encoding = openaiResponses.encode(ask("Hi", { maxOutputTokens }), model, providerOf("openai-responses"));
      return [(bodyOf(encoding) as Record<string, unknown>)["max_output_tokens"], lossesOf(encoding)];
    };
    expect([1, 15, 16].map(limited)).toEqual([
      [16, ["changed maxOutputTokens"]],
      [16, ["changed maxOutputTokens"]],
      [16, []],
    ]);
  });

  test("names its user in 64 characters at most, or not at all", () => {
    const named = (endUser: string) => {
      const encoding = openaiResponses.encode(ask("Hi", { endUser }), model, providerOf("openai-responses"));
      return [(bodyOf(encoding) as Record<string, unknown>)["user"], lossesOf(encoding)];
    };
    expect([named("u".repeat(64)), named("u".repeat(65))]).toEqual([
      ["u".repeat(64), []],
      [undefined, ["lost endUser"]],
    ]);
  });

  test("does not carry reasoning that somebody else sealed", () => {
    expect(lossesOf(openaiResponses.encode(conversation("anthropic-messages"), model, providerOf("openai-responses")))).toContain(
      "lost messages[2].content[0]",
    );
  });
});
