import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, startRig } from "./rig.ts";

/** The vendors' own packages, unmodified, through a gateway whose first candidate fails. */

let rig: Rig;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  rig = await startRig({
    behaviours: ["down", "preamble_then_cut", "content_then_cut", "tools", "auth"],
    config: { agents: { defaults: { model: { primary: "tools-chat/m", fallbacks: ["good-chat/m", "tools-ant/m", "good-resp/m"] } } } },
  });
  openai = new OpenAI({ baseURL: `${rig.url}/v1`, apiKey: rig.key });
  anthropic = new Anthropic({ baseURL: rig.url, apiKey: rig.key });
});
afterAll(() => rig.stop());

const hi = [{ role: "user" as const, content: "hi" }];

describe("openai", () => {
  test("a streamed answer through a failover", async () => {
    const stream = await openai.chat.completions.create({ model: "preamble-then-cut-chat/m", messages: hi, stream: true });
    const said: string[] = [];
    for await (const chunk of stream) said.push(chunk.choices[0]?.delta.content ?? "");
    expect(said.join("")).toBe("Hello wörld");
  });

  test("a tool call through a failover, streamed and in one piece", async () => {
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];
    const strictly = { headers: { "x-signalbox-strict": "1" } };
    const whole = await openai.chat.completions.create({ model: "tools-chat/m", messages: hi, tools }, strictly);
    expect(whole.choices[0]?.message.tool_calls).toEqual([{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }]);
    const stream = openai.chat.completions.stream({ model: "tools-chat/m", messages: hi, tools });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ id: "call_1", function: { name: "weather", arguments: '{"city":"Oslo"}' } });
    const sent = JSON.parse(rig.vendors.get("tools")?.asked.at(-1)?.body ?? "{}");
    expect(sent).toEqual({ model: "m", messages: hi, tools, stream: true });
  });

  test("responses, embeddings and the list of models", async () => {
    const response = await openai.responses.create({ model: "good-resp/m", input: "hi" });
    expect(response.output_text).toBe("Hello wörld");
    const stream = await openai.responses.create({ model: "down-resp/m", input: "hi", stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types.at(-1)).toBe("response.completed");
    const { data } = await openai.embeddings.create({ model: "good-chat/m", input: "hi", encoding_format: "float" });
    expect(data[0]?.embedding).toEqual([0.5, 0.25]);
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["default", "agent:main", "good-chat/m", "good-resp/m"]));
    expect(ids).not.toContain("good-ant/m");
    expect((await openai.models.retrieve("good-chat/m")).id).toBe("good-chat/m");
  });

  test("a stream that breaks off throws, and its text is not taken for the whole", async () => {
    const stream = await openai.chat.completions.create({ model: "content-then-cut-chat/m", messages: hi, stream: true });
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(/broke off/);
  });

  test("its own retries do not multiply ours", async () => {
    const before = rig.vendors.get("auth")?.asked.length ?? 0;
    const asking = openai.chat.completions.create({ model: "auth-chat/m", messages: hi }, { headers: { "x-signalbox-strict": "1" } });
    await expect(asking).rejects.toThrow(OpenAI.InternalServerError);
    expect((rig.vendors.get("auth")?.asked.length ?? 0) - before).toBe(1);
  });

  test("a wrong key is its AuthenticationError", async () => {
    const stranger = new OpenAI({ baseURL: `${rig.url}/v1`, apiKey: "sbx-wrong" });
    await expect(stranger.models.list()).rejects.toThrow(OpenAI.AuthenticationError);
  });
});

describe("@anthropic-ai/sdk", () => {
  test("a streamed answer through a failover", async () => {
    const message = await anthropic.messages.stream({ model: "preamble-then-cut-ant/m", max_tokens: 50, messages: hi }).finalMessage();
    // The first of the chain that speaks this format.
    expect(message.content).toEqual([expect.objectContaining({ type: "tool_use", name: "weather", input: { city: "Oslo" } })]);
    const said = await anthropic.messages.stream({ model: "good-ant/m", max_tokens: 50, messages: hi }).finalText();
    expect(said).toBe("Hello wörld");
  });

  test("a tool call through a failover, streamed and in one piece", async () => {
    const tools = [{ name: "weather", input_schema: { type: "object" as const, properties: { city: { type: "string" } } } }];
    const whole = await anthropic.messages.create({ model: "down-ant/m", max_tokens: 50, messages: hi, tools });
    expect(whole.content).toEqual([expect.objectContaining({ type: "tool_use", id: "toolu_1", input: { city: "Oslo" } })]);
    const streamed = await anthropic.messages.stream({ model: "down-ant/m", max_tokens: 50, messages: hi, tools }).finalMessage();
    expect([streamed.stop_reason, streamed.content]).toEqual([
      "tool_use",
      [expect.objectContaining({ type: "tool_use", id: "toolu_1", input: { city: "Oslo" } })],
    ]);
  });

  test("tokens are counted, and models listed in its own shape", async () => {
    expect(await anthropic.messages.countTokens({ model: "good-ant/m", messages: hi })).toMatchObject({ input_tokens: 9 });
    const { data } = await anthropic.models.list();
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(["default", "good-ant/m"]));
    expect(data.map(({ id }) => id)).not.toContain("good-chat/m");
  });

  test("a stream that breaks off throws", async () => {
    await expect(anthropic.messages.stream({ model: "content-then-cut-ant/m", max_tokens: 50, messages: hi }).finalMessage()).rejects.toThrow(/broke off/);
  });
});
