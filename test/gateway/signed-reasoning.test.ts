import { describe, expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { at, listAt } from "../../src/kernel/json-value.ts";
import { response } from "../support/fake-host.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

const JSON_TYPE = { "content-type": "application/json" };
const makerOf = ({ url }: Pick<HttpRequest, "url">): string => new URL(url).hostname.split(".")[0] ?? "";
const bodyOf = ({ body = "" }: HttpRequest) => JSON.parse(body) as { messages?: unknown[]; input?: unknown[]; stream?: boolean };

const thought = (by: string) => ({ type: "thinking", thinking: "Hm.", signature: `signed by ${by}` });
const SAID = { type: "text", text: "Yes." };

/** Signs what it thinks with its own name; knows no other's where it is strict. */
function claude(request: HttpRequest): HttpResponse {
  const maker = makerOf(request);
  const { messages = [], stream } = bodyOf(request);
  const signatures = [...JSON.stringify(messages).matchAll(/"signature":"([^"]*)"/g)].map(([, signature]) => signature);
  if (maker === "strict" && signatures.some((signature) => signature !== "signed by strict"))
    return response(
      400,
      JSON.stringify({ type: "error", error: { type: "invalid_request_error", message: "messages.1.content.0: Invalid `signature` in `thinking` block" } }),
      JSON_TYPE,
    );
  if (maker === "down") return response(529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', JSON_TYPE);
  const whole = {
    id: "1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [thought(maker), SAID],
    stop_reason: "end_turn",
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  if (stream !== true) return response(200, JSON.stringify(whole), JSON_TYPE);
  const events = [
    { type: "message_start", message: { ...whole, content: [] } },
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm." } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "signed " } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: `by ${maker}` } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ];
  return response(200, events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""), { "content-type": "text/event-stream" });
}

const open = (gateway: object = {}): Promise<InMemory> =>
  gatewayInMemory({
    providers: { one: "anthropic-messages", other: "anthropic-messages", strict: "anthropic-messages", down: "anthropic-messages" },
    chain: ["down/m", "other/m"],
    gateway,
    vendor: claude,
  });

const next = (by: string, more: object = {}) => ({
  max_tokens: 100,
  messages: [
    { role: "user", content: "Is it?" },
    { role: "assistant", content: [thought(by), SAID] },
    { role: "user", content: "Sure?" },
  ],
  ...more,
});
const contentSent = (box: InMemory): unknown => at(box.asked.at(-1)?.body, "messages", 1, "content");

describe.each([false, true])("reasoning that a vendor of Anthropic's format signed (streamed: %s)", (stream) => {
  test("goes back to it byte by byte, and not to another vendor of the same format", async () => {
    const box = await open();
    await box.ask("/v1/messages", { model: "one/m", max_tokens: 100, stream, messages: [{ role: "user", content: "Is it?" }] });
    const text = `{ "model" : "one/m", "big":12345678901234567890, ${JSON.stringify(next("one", { stream })).slice(1)}`;
    const same = await box.ask("/v1/messages", text);
    expect(box.asked.at(-1)?.text).toBe(text.replace('"one/m"', '"m"'));
    expect(same.headers["x-signalbox-lost"]).toBe(undefined);
    const other = await box.ask("/v1/messages", text.replace('"one/m"', '"default"'));
    expect(box.asked.at(-1)?.url).toContain("other.example");
    expect([other.status, other.headers["x-signalbox-lost"], contentSent(box)]).toEqual([200, "messages[1].content[0]", [SAID]]);
    expect(box.asked.at(-1)?.text).toContain("12345678901234567890");
  });
});

test("gateway.reasoning text: it goes on as text", async () => {
  const box = await open({ reasoning: "text" });
  await box.ask("/v1/messages", { model: "one/m", max_tokens: 100, messages: [{ role: "user", content: "Is it?" }] });
  await box.ask("/v1/messages", next("one", { model: "other/m" }));
  expect(contentSent(box)).toEqual([{ type: "text", text: "Hm." }, SAID]);
});

test("gateway.translation refuse: who cannot take it is not asked", async () => {
  const box = await open({ translation: "refuse" });
  await box.ask("/v1/messages", { model: "one/m", max_tokens: 100, messages: [{ role: "user", content: "Is it?" }] });
  const { status, text } = await box.ask("/v1/messages", next("one", { model: "other/m" }));
  expect([status, box.asked.length]).toEqual([503, 1]);
  expect(text).toContain("cannot take messages[1].content[0], which another route signed");
});

describe("what a vendor refuses although nobody here saw who made it", () => {
  test("is taken out once, and the next time at once", async () => {
    const box = await open();
    const asking = next("somebody", { model: "strict/m" });
    const first = await box.ask("/v1/messages", asking);
    expect([first.status, first.headers["x-signalbox-lost"], first.headers["x-signalbox-attempts"], box.asked.length]).toEqual([
      200,
      "messages[1].content[0]",
      "2",
      2,
    ]);
    expect(box.log.filter(({ kind }) => kind === "notice")).toMatchObject([
      { message: "strict/m did not accept messages[1].content[0], and was asked once more without (req_1)" },
    ]);
    await box.ask("/v1/messages", asking);
    expect([box.asked.length, contentSent(box)]).toEqual([3, [SAID]]);
  });

  test("and what has no signature at all", async () => {
    const box = await open();
    const unsigned = { type: "thinking", thinking: "Hm.", signature: "" };
    const asking = next("", {
      model: "strict/m",
      messages: [
        { role: "user", content: "Is it?" },
        { role: "assistant", content: [unsigned, SAID] },
        { role: "user", content: "?" },
      ],
    });
    await box.ask("/v1/messages", asking);
    await box.ask("/v1/messages", asking);
    expect([box.asked.length, contentSent(box)]).toEqual([3, [SAID]]);
  });
});

/** The organization of each key alone can read what it sealed. */
function responses(request: HttpRequest): HttpResponse {
  const maker = makerOf(request);
  const { input } = bodyOf(request);
  const foreign = listAt(input).some((item) => ((item as { encrypted_content?: string }).encrypted_content ?? maker) !== maker);
  const error = { message: "The encrypted content gAAA could not be verified.", type: "invalid_request_error", code: "invalid_encrypted_content", param: null };
  if (maker === "fussy" && foreign) return response(400, JSON.stringify({ error }), JSON_TYPE);
  const output = [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: maker },
    { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [{ type: "output_text", text: "Yes." }] },
  ];
  return response(
    200,
    JSON.stringify({ id: "resp_1", object: "response", status: "completed", model: "m", output, usage: { input_tokens: 1, output_tokens: 1 } }),
    JSON_TYPE,
  );
}

describe("reasoning that is sealed for one account", () => {
  const input = (seal: string) => [
    { role: "user", content: "Is it?" },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: seal },
    { type: "function_call", id: "fc_1", call_id: "c1", name: "look", arguments: '{"n":12345678901234567890}' },
    { type: "function_call_output", call_id: "c1", output: "A cat." },
    { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "Yes." }] },
    { role: "user", content: "Sure?" },
  ];
  const without = [input("")[0], { type: "function_call", call_id: "c1", name: "look", arguments: '{"n":12345678901234567890}' }, ...input("").slice(3, 4)];
  const open2 = () =>
    gatewayInMemory({ providers: { one: "openai-responses", other: "openai-responses", fussy: "openai-responses" }, chain: ["one/m"], vendor: responses });

  test("is left out for another vendor, and calls lose the ids that led to it", async () => {
    const box = await open2();
    await box.ask("/v1/responses", { model: "one/m", input: [input("")[0]], store: false });
    const { headers } = await box.ask("/v1/responses", { model: "other/m", store: false, input: input("one") });
    const sent = listAt(box.asked.at(-1)?.body, "input");
    expect(headers["x-signalbox-lost"]).toBe("input[1]");
    expect(sent.slice(0, 3)).toEqual(without);
    await box.ask("/v1/responses", { model: "one/m", store: false, input: input("one") });
    expect(listAt(box.asked.at(-1)?.body, "input")).toEqual(input("one"));
  });

  test("is left out once it was refused", async () => {
    const box = await open2();
    const { status, headers } = await box.ask("/v1/responses", { model: "fussy/m", store: false, input: input("somebody") });
    expect([status, headers["x-signalbox-lost"], box.asked.length]).toEqual([200, "input[1]", 2]);
  });
});

describe("reasoning in a conversation of Chat Completions", () => {
  const unsupported = "'messages.1' : property 'reasoning_content' is unsupported";
  const open3 = () =>
    gatewayInMemory({
      providers: { takes: "openai-completions", refuses: "openai-completions" },
      chain: ["takes/m"],
      vendor: (request) => {
        if (makerOf(request) === "refuses" && request.body?.includes("reasoning_content") === true)
          return response(400, JSON.stringify({ error: { message: unsupported, type: "invalid_request_error" } }), JSON_TYPE);
        const message = { role: "assistant", content: "Yes.", reasoning_content: "Hm." };
        return response(200, JSON.stringify({ id: "1", choices: [{ index: 0, message, finish_reason: "stop" }] }), JSON_TYPE);
      },
    });
  const call = { id: "c1", type: "function", function: { name: "look", arguments: '{"n":1.0}' }, extra_content: { google: { thought_signature: "s" } } };
  const messages = [
    { role: "user", content: "Is it?" },
    { role: "assistant", content: "Yes.", reasoning_content: "Hm.", tool_calls: [call] },
    { role: "tool", tool_call_id: "c1", content: "A cat." },
  ];

  test("goes back as it is to a vendor that takes it, and is left out for one that refuses it", async () => {
    const box = await open3();
    await box.ask("/v1/chat/completions", { model: "takes/m", messages });
    expect(listAt(box.asked.at(-1)?.body, "messages")).toEqual(messages);
    const { status, headers } = await box.ask("/v1/chat/completions", { model: "refuses/m", messages });
    expect([status, headers["x-signalbox-lost"]]).toEqual([200, "messages[1].reasoning_content, messages[1].tool_calls[0].extra_content"]);
    const { id, type, function: called } = call;
    const sent = [messages[0], { role: "assistant", content: "Yes.", tool_calls: [{ id, type, function: called }] }, messages[2]];
    await box.ask("/v1/chat/completions", { model: "refuses/m", messages });
    expect([box.asked.length, listAt(box.asked.at(-1)?.body, "messages")]).toEqual([4, sent]);
  });
});

describe("reasoning that a model of another format signed", () => {
  const open4 = () =>
    gatewayInMemory({
      providers: { one: "openai-responses", other: "openai-responses", claude: "anthropic-messages" },
      chain: ["one/m"],
      vendor: (request) => (makerOf(request) === "claude" ? claude(request) : responses(request)),
    });
  const ask = { max_tokens: 100, messages: [{ role: "user", content: "Is it?" }] };
  const again = (content: unknown) => ({ ...ask, messages: [...ask.messages, { role: "assistant", content }, { role: "user", content: "Sure?" }] });

  test("travels with the client's conversation and goes back to the same account and model, and to nobody else", async () => {
    const box = await open4();
    const { json } = await box.ask("/v1/messages", { model: "one/m", ...ask });
    const content = listAt(json, "content");
    expect(content).toEqual([{ type: "thinking", thinking: "Hm.", signature: "signalbox:openai-responses:shown:rs_1:one" }, SAID]);
    const same = await box.ask("/v1/messages", { model: "one/m", ...again(content) });
    const seal = { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: "one" };
    expect([listAt(box.asked.at(-1)?.body, "input")[1], same.headers["x-signalbox-lost"]]).toEqual([seal, undefined]);
    const other = await box.ask("/v1/messages", { model: "other/m", ...again(content) });
    expect(listAt(box.asked.at(-1)?.body, "input")[1]).toMatchObject({ role: "assistant" });
    const native = await box.ask("/v1/messages", { model: "claude/m", ...again(content) });
    expect([contentSent(box), other.headers["x-signalbox-lost"], native.headers["x-signalbox-lost"]]).toEqual([
      [SAID],
      "messages[1].content[0]",
      "messages[1].content[0]",
    ]);
  });

  test("for a client of Responses as well", async () => {
    const box = await open4();
    const { json } = await box.ask("/v1/responses", { model: "claude/m", store: false, input: "Is it?" });
    const output = listAt(json, "output");
    expect(at(output, 0, "encrypted_content")).toBe("signalbox:anthropic-messages:shown::signed by claude");
    const input = [{ role: "user", content: "Is it?" }, ...output, { role: "user", content: "Sure?" }];
    await box.ask("/v1/responses", { model: "claude/m", store: false, input });
    expect(contentSent(box)).toEqual([thought("claude"), SAID]);
    await box.ask("/v1/responses", { model: "one/m", store: false, input });
    expect(listAt(box.asked.at(-1)?.body, "input").filter((item) => at(item, "type") === "reasoning")).toEqual([]);
  });
});
