import { afterEach, expect, test, vi } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { response } from "../support/fake-host.ts";
import { gatewayInMemory, type InMemory } from "./in-memory.ts";

afterEach(() => void vi.restoreAllMocks());

const JSON_TYPE = { "content-type": "application/json" };
const CHAT = JSON.stringify({
  id: "c",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }],
});
const MESSAGE = JSON.stringify({ id: "m", type: "message", role: "assistant", content: [{ type: "text", text: "Hi." }], stop_reason: "end_turn", usage: {} });
const STREAM = `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: { role: "assistant", content: "Hi." }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;
const BUSY = response(429, "{}", JSON_TYPE);
const QUESTION = { role: "user", content: "Say it." };
const TOOLS = [
  QUESTION,
  { role: "assistant", content: null, tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }] },
  { role: "tool", tool_call_id: "call_1", content: "seen" },
];

/** The `nth` request of all is answered by that one of them, the last one answers the rest. */
function open(api: string, gateway: object, ...answers: ((request: HttpRequest) => HttpResponse)[]): Promise<InMemory> {
  let nth = 0;
  const vendor = (request: HttpRequest): HttpResponse => (answers[nth++] ?? answers.at(-1))?.(request) ?? BUSY;
  return gatewayInMemory({ providers: { one: api, two: api }, chain: ["one/m", "two/m"], gateway, vendor });
}

const CONTINUE = { streams: { onCut: "continue" } };

test.each([
  ["an answer in one piece", "openai-completions", "/v1/chat/completions", {}, CHAT, JSON_TYPE],
  ["one in the other format", "anthropic-messages", "/v1/messages", { max_tokens: 9 }, MESSAGE, JSON_TYPE],
  ["calls of tools", "openai-completions", "/v1/chat/completions", { messages: TOOLS }, CHAT, JSON_TYPE],
  ["a stream", "openai-completions", "/v1/chat/completions", { stream: true }, STREAM, { "content-type": "text/event-stream" }],
])("what was asked is looked into once where the first who is asked answers: %s", async (_, api, path, more, answer, type) => {
  const box = await open(api, CONTINUE, () => response(200, answer, type));
  const text = JSON.stringify({ model: "default", messages: [QUESTION], ...more });
  const parse = vi.spyOn(JSON, "parse");
  const { status } = await box.ask(path, text);
  expect([status, parse.mock.calls.filter(([parsed]) => parsed === text).length]).toEqual([200, 1]);
});

test.each(["Say it.", "Sag es, Jörg 🚂."])("who is asked next is asked the same, whatever was let go of: %s", async (content) => {
  const box = await open(
    "openai-completions",
    {},
    () => BUSY,
    () => response(200, CHAT, JSON_TYPE),
  );
  const asked = { model: "default", messages: [{ role: "user", content }], temperature: 0.5, metadata: { a: "\u0007" } };
  const { status } = await box.ask("/v1/chat/completions", asked);
  expect([status, box.asked.map(({ url, body }) => [new URL(url).hostname, body])]).toEqual([
    200,
    [
      ["one.example", { ...asked, model: "m" }],
      ["two.example", { ...asked, model: "m" }],
    ],
  ]);
});
