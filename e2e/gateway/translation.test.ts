import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, startRig } from "./rig.ts";

let rig: Rig;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  rig = await startRig({
    behaviours: ["down", "tools"],
    gateway: { translation: "name" },
    config: { agents: { defaults: { model: { primary: "down-chat/m", fallbacks: ["tools-ant/m", "good-resp/m"] } } } },
  });
  openai = new OpenAI({ baseURL: `${rig.url}/v1`, apiKey: rig.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: rig.url, apiKey: rig.key, maxRetries: 0 });
});
afterAll(() => rig.stop());

const weather = { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } } as const;

describe("a client of one format, through a failover into another", () => {
  test("openai: a tool call of an Anthropic model, streamed and in one piece", async () => {
    const asked = {
      model: "down-chat/m",
      messages: [{ role: "user" as const, content: "How is the weather?" }],
      tools: [{ type: "function" as const, function: weather }],
    };
    const { data, response } = await openai.chat.completions.create(asked).withResponse();
    expect(data.choices[0]?.message.tool_calls?.map((call) => "function" in call && call.function)).toEqual([
      { name: "weather", arguments: '{"city":"Oslo"}' },
    ]);
    expect([data.model, response.headers.get("x-signalbox-served-by")]).toEqual(["tools-ant/m", expect.stringMatching(/^tools-ant\/m/)]);
    const stream = openai.chat.completions.stream(asked);
    const streamed = await stream.finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.map((call) => "function" in call && [call.function.name, call.function.arguments])).toEqual([
      ["weather", '{"city":"Oslo"}'],
    ]);
  });

  test("@anthropic-ai/sdk: an answer of a model of Responses, streamed and in one piece", async () => {
    const asked = { model: "good-resp/m", max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };
    const whole = await anthropic.messages.create(asked);
    expect(whole).toMatchObject({ type: "message", role: "assistant", model: "good-resp/m", stop_reason: "end_turn", content: [{ type: "text" }] });
    const streamed = await anthropic.messages.stream(asked).finalMessage();
    expect(streamed.content).toEqual(whole.content);
  });

  test("openai responses: an answer of a model of Messages", async () => {
    const answer = await openai.responses.create({ model: "good-ant/m", input: "Hello" });
    expect([answer.status, answer.model, answer.output_text.length > 0]).toEqual(["completed", "good-ant/m", true]);
  });

  test("what cannot be said is named in a header", async () => {
    const { response } = await openai.chat.completions
      .create({ model: "good-ant/m", messages: [{ role: "user", content: "Hi" }], logprobs: true, seed: 7 })
      .withResponse();
    expect(response.headers.get("x-signalbox-lost")).toBe("sampling.seed, logprobs");
  });

  test("models of every format are listed", async () => {
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["good-chat/m", "good-ant/m", "good-resp/m"]));
  });
});
