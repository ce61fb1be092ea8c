import OpenAI from "openai";
import { describe, expect, test, vi } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { response } from "../support/fake-host.ts";
import { type Answered, gatewayInMemory, type InMemory, type InMemoryInput } from "./in-memory.ts";

const STREAM = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "own-7", object: "chat.completion.chunk", created: 5, model: "first", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const named = (value: { readonly type: string } & Record<string, unknown>): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const CHAT_END = `${chunk({}, "stop")}data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 20 } })}\n\ndata: [DONE]\n\n`;

const chat = (...words: string[]): string => chunk({ role: "assistant", content: "" }) + words.map((content) => chunk({ content })).join("");
const messages = (...words: string[]): string =>
  [
    named({ type: "message_start", message: { id: "msg_a", model: "first", role: "assistant", content: [], usage: { input_tokens: 9, output_tokens: 1 } } }),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...words.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
  ].join("");
const MESSAGES_END = [
  named({ type: "content_block_stop", index: 0 }),
  named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 20 } }),
  named({ type: "message_stop" }),
].join("");

const wordsOf = ({ text }: Answered): string =>
  text
    .split("\n")
    .flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6))] : []))
    .map((value) => value.choices?.[0]?.delta?.content ?? value.delta?.text ?? (typeof value.delta === "string" ? value.delta : ""))
    .join("");
const endOf = ({ text }: Answered): string => {
  if (text.includes('"error":') && !text.includes('"error":null')) return /"message":"([^"]*)"/.exec(text)?.[1] ?? "error";
  return text.includes("[DONE]") || text.includes("message_stop") || text.includes("response.completed") ? "good" : "none";
};
const comments = ({ text }: Answered): string[] => text.split("\n").filter((line) => line.startsWith(":"));
/** What is noted behind the answer's end. */
const noted = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const who = (box: InMemory): string[] => box.asked.map(({ url }) => new URL(url).hostname.split(".")[0] ?? "");

type Vendor = (request: HttpRequest, nth: number) => string | HttpResponse;

/** By provider, what its stream says. What ends without an end is a cut. */
async function open(vendors: Readonly<Record<string, Vendor | string>>, more: Partial<InMemoryInput> = {}): Promise<InMemory> {
  const counts = new Map<string, number>();
  const names = Object.keys(vendors);
  const api = (name: string): string =>
    name === "anthropic" || name.endsWith("ant") ? "anthropic-messages" : name.endsWith("resp") ? "openai-responses" : "openai-completions";
  return gatewayInMemory({
    providers: Object.fromEntries(names.map((name) => [name, api(name)])),
    chain: names.map((name) => `${name}/m`),
    ...more,
    gateway: { streams: { onCut: "continue" }, ...more.gateway },
    vendor: (request) => {
      const name = new URL(request.url).hostname.split(".")[0] ?? "";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const vendor = vendors[name] ?? "";
      const said = typeof vendor === "string" ? vendor : vendor(request, counts.get(name) ?? 1);
      return typeof said === "string" ? response(200, said, STREAM) : said;
    },
  });
}

const ASK = { model: "default", stream: true, messages: [{ role: "user", content: "Say it." }] };
const askChat = (box: InMemory, more: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  box.ask("/v1/chat/completions", { ...ASK, ...more }, headers);
const askMessages = (box: InMemory, more: object = {}): Promise<Answered> => box.ask("/v1/messages", { ...ASK, max_tokens: 100, ...more });

const WHOLE = chat("One", " two", " three.") + CHAT_END;

const signed = (by: string): string =>
  [
    named({ type: "message_start", message: { id: "msg_a", model: "first", role: "assistant", content: [], usage: { input_tokens: 9, output_tokens: 1 } } }),
    named({ type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "Hm.", signature: "" } }),
    named({ type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: `signed by ${by}` } }),
    named({ type: "content_block_stop", index: 0 }),
    named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 20 } }),
    named({ type: "message_stop" }),
  ].join("");

test.each([
  ["name", ["cutant", "cutant", "goodant"]],
  ["refuse", ["cutant", "cutant"]],
])("reasoning that another one signed is left out for who goes on, or nobody is asked (%s)", async (translation, asked) => {
  const cutant: Vendor = (_, nth) => (nth === 1 ? signed("cutant") : messages("One", " t"));
  const box = await open({ cutant, goodant: messages("One two.") + MESSAGES_END }, { gateway: { translation } });
  await askMessages(box);
  await noted();
  const thought = { type: "thinking", thinking: "Hm.", signature: "signed by cutant" };
  await askMessages(box, {
    messages: [
      { role: "user", content: "Say it." },
      { role: "assistant", content: [thought, { type: "text", text: "No." }] },
      { role: "user", content: "Do." },
    ],
  });
  expect(who(box)).toEqual(asked);
});

const refusing = (message: string): HttpResponse =>
  response(400, JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } }), JSON_TYPE);

test("who goes on in another format is asked without a setting that the model does not have", async () => {
  const picky: Vendor = ({ body = "" }) =>
    body.includes("temperature") ? refusing("`temperature` is deprecated for this model.") : messages("One two", " three.") + MESSAGES_END;
  const box = await open({ cut: chat("One", " t"), "picky-ant": picky });
  const answer = await askChat(box, { temperature: 0.5 });
  expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One two three.", "good", ["cut", "picky-ant", "picky-ant"]]);
});

test("who goes on in the same format is asked with ids of calls as it wants them", async () => {
  const nine: Vendor = ({ body = "" }) =>
    body.includes("call_1") ? refusing("Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.") : WHOLE;
  const box = await open({ cut: chat("One", " t"), nine });
  const calls = [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }];
  const answer = await askChat(box, {
    messages: [...ASK.messages, { role: "assistant", content: null, tool_calls: calls }, { role: "tool", tool_call_id: "call_1", content: "A cat." }],
  });
  expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One two three.", "good", ["cut", "nine", "nine"]]);
});

test("who refuses what was translated leaves the others their turn", async () => {
  const box = await open({ cut: chat("One", " t"), "other-ant": () => refusing("messages: no."), good: WHOLE });
  const answer = await askChat(box);
  expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One two three.", "good", ["cut", "other-ant", "good"]]);
});

describe("a stream that breaks off", () => {
  test("goes on at the next candidate with what is missing, under the first one's name", async () => {
    const box = await open({ cut: chat("One", " t"), good: WHOLE });
    const answer = await askChat(box, { stream_options: { include_usage: true } });
    expect([wordsOf(answer), endOf(answer), comments(answer)]).toEqual(["One two three.", "good", [": taken over by good/m; profile=config:good"]]);
    expect(answer.headers["x-signalbox-served-by"]).toBe("cut/m; profile=config:cut");
    const values = answer.text.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6))] : []));
    expect(new Set(values.map(({ id, model, created }) => `${id} ${model} ${created}`))).toEqual(new Set(["own-7 first 5"]));
    expect(values.at(-1).usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 20 });
    expect(box.asked.map(({ body }) => (body as { messages: unknown }).messages)).toEqual([ASK.messages, ASK.messages]);
  });

  test("is counted once, with the one that broke off as a failed attempt that may have been billed", async () => {
    const box = await open({ "cut-ant": messages("One", " t"), "good-ant": messages("One two", " three.") + MESSAGES_END });
    await askMessages(box);
    await noted();
    const [used] = await box.used();
    expect(used).toMatchObject({
      servedBy: "good-ant/m",
      outcome: "answered",
      attempts: [{ model: "cut-ant/m", reason: "network", maybeBilled: true }],
      inputTokens: 18,
      outputTokens: 21,
    });
    expect(box.log.at(-1)).toMatchObject({ servedBy: "good-ant/m", outcome: "answered", attempts: ["cut-ant/m: network"], maybeBilled: true });
  });

  test("and tells of every event that could not be read, whoever sent it", async () => {
    const box = await open({ cut: `${chat("One")}data: {oh\n\n${chat(" t")}`, good: `data: {no\n\ndata: {ow\n\n${WHOLE}` });
    expect(endOf(await askChat(box))).toBe("good");
    await noted();
    expect(box.log.at(-1)).toMatchObject({ servedBy: "good/m", droppedEvents: 3 });
  });

  test("is parsed once while it goes by", async () => {
    const box = await open({ cut: chat("One", " t"), good: WHOLE });
    const parse = vi.spyOn(JSON, "parse");
    await askChat(box);
    const times = parse.mock.calls.filter(([text]) => text.includes('"content":" t"')).length;
    parse.mockRestore();
    expect(times).toBe(1);
  });

  test("ends in an honest error where nothing else was asked for", async () => {
    const box = await open({ cut: chat("One", " t"), good: WHOLE }, { gateway: { streams: {} } });
    const answer = await askChat(box);
    expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One t", "the answer broke off before its end: the connection to the vendor ended", ["cut"]]);
  });

  test("goes on more than once", async () => {
    const box = await open({ cut: chat("One", " t"), again: chat("One two", " th"), good: WHOLE });
    const answer = await askChat(box);
    expect([wordsOf(answer), endOf(answer), comments(answer).length]).toEqual(["One two three.", "good", 2]);
    await noted();
    expect(box.log.at(-1)).toMatchObject({ servedBy: "good/m", attempts: ["cut/m: network", "again/m: network"] });
  });

  test("needs only its end where all was said", async () => {
    const box = await open({ cut: chat("One two", " three."), good: WHOLE });
    const answer = await askChat(box);
    expect([wordsOf(answer), endOf(answer)]).toEqual(["One two three.", "good"]);
  });

  test("goes on with a call of a tool that is all the second one's", async () => {
    const call = { index: 0, id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
    const box = await open({ cut: chat("One", " t"), good: chat("One two") + chunk({ tool_calls: [call] }) + chunk({}, "tool_calls") + "data: [DONE]\n\n" });
    const answer = await askChat(box, { tools: [{ type: "function", function: { name: "look" } }] });
    expect([wordsOf(answer), endOf(answer), /"finish_reason":"tool_calls"/.test(answer.text)]).toEqual(["One two", "good", true]);
  });
});

describe.each([["continue"], ["error"]] as const)("whoever breaks off again and again (%s)", (onCut) => {
  test("rests, though it had begun each time; an answer that is whole begins the count anew", async () => {
    let count = 0;
    const flaky: Vendor = () => (++count === 4 ? WHOLE : chat("One", " t"));
    const box = await open({ flaky, good: WHOLE }, { gateway: { streams: { onCut } } });
    const asked: string[] = [];
    for (let i = 0; i < 11; i++) {
      const before = box.asked.length;
      await askChat(box);
      await noted();
      asked.push(who(box)[before] ?? "");
    }
    expect(asked).toEqual([...Array<string>(9).fill("flaky"), "good", "good"]);
  });
});

describe("a second answer in other words", () => {
  const OTHER = chat("One or", " none.") + CHAT_END;

  test("is never glued on", async () => {
    const box = await open({ cut: chat("One", " t"), other: OTHER });
    const answer = await askChat(box);
    expect([wordsOf(answer), who(box), comments(answer)]).toEqual(["One t", ["cut", "other"], []]);
    expect(endOf(answer)).toBe("the answer broke off before its end: the connection to the vendor ended, and nobody else goes on with the same words");
    await noted();
    expect(box.log.at(-1)).toMatchObject({ servedBy: "cut/m", outcome: "cut", attempts: ["other/m: unknown"], maybeBilled: true });
  });

  test("is left for the next candidate, as long as there are attempts", async () => {
    const vendors = { cut: chat("One", " t"), other: OTHER, shorter: chat("One") + CHAT_END, good: WHOLE };
    const answer = await askChat(await open(vendors));
    expect([wordsOf(answer), endOf(answer)]).toEqual(["One two three.", "good"]);
    const box = await open(vendors, { gateway: { limits: { attempts: 3 } } });
    expect([wordsOf(await askChat(box)), who(box)]).toEqual(["One t", ["cut", "other", "shorter"]]);
  });
});

describe("a target that takes what was said as its own beginning", () => {
  const chain = (model: string) => ({ chain: ["cut-ant/m", `anthropic/${model}`], models: { anthropic: [model] } });
  const lastMessage = (box: InMemory, i: number) => (box.asked[i]?.body as { messages: unknown[] } | undefined)?.messages.at(-1);

  test("is asked for the rest alone", async () => {
    const box = await open({ "cut-ant": messages("One", " two "), anthropic: messages(" three", ".") + MESSAGES_END }, chain("claude-sonnet-4-5"));
    const answer = await askMessages(box);
    expect([wordsOf(answer), endOf(answer)]).toEqual(["One two three.", "good"]);
    expect(lastMessage(box, 1)).toEqual({ role: "assistant", content: "One two" });
    expect(box.asked[1]?.body).toMatchObject({ max_tokens: 98 });
  });

  test("is asked for it by clients of another format too", async () => {
    const more = { chain: ["cut/m", "anthropic/claude-haiku-4-5-20251001"], models: { anthropic: ["claude-haiku-4-5-20251001"] } };
    const box = await open({ cut: chat("One", " two"), anthropic: messages(" three", ".") + MESSAGES_END }, more);
    const answer = await askChat(box);
    expect([wordsOf(answer), endOf(answer), lastMessage(box, 1)]).toEqual(["One two three.", "good", { role: "assistant", content: "One two" }]);
  });

  test("and refuses to is asked for all of it", async () => {
    const refusal = response(
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"does not support assistant message prefill"}}',
      JSON_TYPE,
    );
    const anthropic: Vendor = ({ body = "" }) => (body.includes('"assistant"') ? refusal : messages("One two", " three.") + MESSAGES_END);
    const box = await open({ "cut-ant": messages("One", " t"), anthropic }, chain("claude-opus-4-1"));
    const answer = await askMessages(box);
    expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One two three.", "good", ["cut-ant", "anthropic", "anthropic"]]);
    const few = await open({ "cut-ant": messages("One", " t"), anthropic }, { ...chain("claude-opus-4-1"), gateway: { limits: { attempts: 2 } } });
    expect([wordsOf(await askMessages(few)), who(few)]).toEqual(["One t", ["cut-ant", "anthropic"]]);
  });

  test("is asked for all of it where its words do not fit, and once alone where there was no room for a prefill", async () => {
    const anthropic: Vendor = ({ body = "" }) => (body.includes('"assistant"') ? messages("And three.") : messages("One two", " three.")) + MESSAGES_END;
    const box = await open({ "cut-ant": messages("One", " two "), anthropic }, chain("claude-sonnet-4-5"));
    const answer = await askMessages(box);
    expect([wordsOf(answer), endOf(answer), who(box).length]).toEqual(["One two three.", "good", 3]);
    const other = await open({ "cut-ant": messages("One", " two "), anthropic: messages("And three.") + MESSAGES_END }, chain("claude-sonnet-4-5"));
    expect([wordsOf(await askMessages(other, { max_tokens: 2 })), who(other).length]).toEqual(["One two ", 2]);
  });

  test.each([
    ["a model that takes none", "claude-opus-4-6", {}],
    ["a request for reasoning", "claude-sonnet-4-5", { thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 2000 }],
    ["a limit that is reached", "claude-sonnet-4-5", { max_tokens: 1 }],
  ])("is asked for all of it with %s", async (_, model, more) => {
    const box = await open({ "cut-ant": messages("One", " t"), anthropic: messages("One two", " three.") + MESSAGES_END }, chain(model));
    const answer = await askMessages(box, more);
    expect([wordsOf(answer), endOf(answer), lastMessage(box, 1)]).toEqual(["One two three.", "good", ASK.messages[0]]);
  });
});

describe("what is more than a plain text ends in an honest error, and nobody else is asked", () => {
  const thinking = named({ type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "Hm", signature: "" } });
  test.each([
    [
      "a call of a tool",
      "/v1/chat/completions",
      { cut: chat("One") + chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "look", arguments: "{" } }] }) },
      {},
    ],
    ["reasoning", "/v1/messages", { "cut-ant": messages().slice(0, messages().indexOf("event: content_block_start")) + thinking }, {}],
    ["a second answer", "/v1/chat/completions", { cut: chat("One") }, { n: 2 }],
    ["a set shape", "/v1/chat/completions", { cut: chat("{") }, { response_format: { type: "json_object" } }],
    ["probabilities", "/v1/chat/completions", { cut: chat("One") }, { logprobs: true }],
  ])("%s", async (_, path, vendors, more) => {
    const box = await open({ ...vendors, good: WHOLE });
    const answer = await box.ask(path, { ...ASK, max_tokens: 100, ...more });
    expect([endOf(answer), comments(answer), who(box)]).toEqual([expect.stringMatching(/broke off/), [], Object.keys(vendors)]);
  });

  test("a strict pick", async () => {
    const box = await open({ cut: chat("One"), good: WHOLE });
    const answer = await askChat(box, { model: "cut/m" }, { "x-signalbox-strict": "1" });
    expect([wordsOf(answer), endOf(answer), who(box)]).toEqual(["One", expect.stringMatching(/broke off/), ["cut"]]);
  });
});

describe("OpenAI's Responses", () => {
  const place = { item_id: "msg_9", output_index: 0, content_index: 0 };
  const begun = { id: "resp_9", object: "response", created_at: 5, model: "first", status: "in_progress", output: [], store: false };
  const numbered = (...events: ({ readonly type: string } & Record<string, unknown>)[]): string =>
    events.map((event, i) => named({ ...event, sequence_number: i })).join("");
  const CUT = numbered(
    { type: "response.created", response: begun },
    { type: "response.output_item.added", output_index: 0, item: { id: "msg_9", type: "message", role: "assistant", status: "in_progress", content: [] } },
    { type: "response.content_part.added", ...place, part: { type: "output_text", text: "", annotations: [] } },
    { type: "response.output_text.delta", ...place, delta: "One t" },
  );

  test("go on with the numbers and names that they began with, where nothing is kept at the vendor", async () => {
    const box = await open({ "cut-resp": CUT, good: WHOLE });
    const answer = await box.ask("/v1/responses", { model: "default", stream: true, input: "Say it.", store: false });
    const values = answer.text.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6))] : []));
    expect(values.map(({ sequence_number: number }) => number)).toEqual(values.map((_, i) => i));
    expect(values.at(-1)).toMatchObject({
      type: "response.completed",
      response: { id: "resp_9", model: "first", store: false, status: "completed", output: [{ id: "msg_9", content: [{ text: "One two three." }] }] },
    });
  });

  test("read as one answer in OpenAI's own library", async () => {
    const box = await open({ "cut-resp": CUT, good: WHOLE });
    const fetch = async (_: unknown, { body }: { body?: unknown } = {}): Promise<Response> => {
      const { text, headers } = await box.ask("/v1/responses", String(body));
      return new Response(text, { headers });
    };
    const openai = new OpenAI({ baseURL: "http://gateway.example/v1", apiKey: "sbx-test", maxRetries: 0, fetch });
    const answer = await openai.responses.stream({ model: "default", input: "Say it.", store: false }).finalResponse();
    expect([answer.id, answer.status, answer.output_text]).toEqual(["resp_9", "completed", "One two three."]);
  });

  test("end in an honest error where the vendor keeps the answer under its name", async () => {
    const box = await open({ "cut-resp": CUT, good: WHOLE });
    const answer = await box.ask("/v1/responses", { model: "default", stream: true, input: "Say it." });
    expect([answer.text.includes("event: error"), who(box)]).toEqual([true, ["cut-resp"]]);
  });
});
