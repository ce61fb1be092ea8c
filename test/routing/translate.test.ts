import { describe, expect, test } from "vitest";
import type { HttpResponse } from "../../src/kernel/http.ts";
import { toModelId } from "../../src/kernel/ids.ts";
import { protocols } from "../../src/protocols/index.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { encodeAs } from "../../src/protocols/translation.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Relayed } from "../../src/routing/relay-call.ts";
import type { Tried } from "../../src/routing/run-types.ts";
import { translate } from "../../src/routing/translate.ts";
import { providerOf } from "../protocols/conversation.ts";
import { fakeHost, response } from "../support/fake-host.ts";
import { streamed } from "../support/vendor-words.ts";

const ASKED = {
  "openai-chat": { model: "m", messages: [{ role: "user", content: "Hi" }], logprobs: true },
  "anthropic-messages": { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] },
} as const;

const ALL_ASKED = {
  ...ASKED,
  "openai-responses": { model: "m", store: false, input: "Hi" },
} as const;

const ENDS = { error: ({ reason }: { readonly reason: string }) => new TextEncoder().encode(`data: {"error":{"code":"${reason}"}}\n\n`) };

async function ask(from: keyof typeof ALL_ASKED, to: ProtocolId, awaits: "stream" | "answer", answer: HttpResponse | Error): Promise<Tried<Relayed>> {
  const host = fakeHost({
    http: () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const server = serverProtocols[from as ServedDialect];
  const reading = server.readRequest({ ...ALL_ASKED[from], stream: awaits === "stream" });
  if (reading.kind === "wrong") throw new Error(reading.why);
  const provider = providerOf(to);
  const encoding = encodeAs(protocols[to], reading.chat, toModelId("m"), provider, {});
  if (encoding.kind !== "request") throw new Error("no address");
  const head = { id: "1", model: "somebody/m", createdSeconds: 1, wantsUsage: reading.wantsUsage };
  const rest = { server, head, awaits, firstTokenMs: 1000, after: () => () => undefined, ends: ENDS, losses: encoding.losses } as const;
  return translate(host, { protocol: protocols[to], provider, request: encoding.request, credential: undefined, ...rest });
}

async function textOf(tried: Tried<Relayed>): Promise<string> {
  if (tried.kind !== "opened") throw new Error(JSON.stringify(tried));
  const { body } = tried.value;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const utf8 = new TextDecoder();
  let text = "";
  for await (const piece of body) text += utf8.decode(piece, { stream: true });
  return text;
}

const sse = (...events: readonly object[]): HttpResponse =>
  response(200, events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join(""), {
    "content-type": "text/event-stream",
  });

const START = { type: "message_start", message: { id: "msg_1", model: "claude", content: [], usage: { input_tokens: 5, output_tokens: 0 } } };
const HELLO = [
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
];
const END = [{ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }, { type: "message_stop" }];

test("a stream of one format is told in the other, and its cost is counted", async () => {
  const tried = await ask("openai-chat", "anthropic-messages", "stream", sse(START, ...HELLO, ...END));
  const text = await textOf(tried);
  const chunks = text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)).choices[0]);
  expect(chunks.map((choice) => [choice.delta.content, choice.finish_reason])).toEqual([
    ["", null],
    ["Hello", null],
    [undefined, "stop"],
  ]);
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(tried).toMatchObject({ kind: "opened", value: { lost: ["logprobs"] } });
  expect(tried.kind === "opened" && (await tried.value.over)).toEqual({ kind: "answered", usage: { inputTokens: 5, outputTokens: 2 }, droppedCount: 0 });
});

test("a whole answer is told as one", async () => {
  const body = JSON.stringify({
    id: "x",
    choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  });
  const tried = await ask("anthropic-messages", "openai-chat", "answer", response(200, body, { "content-type": "application/json" }));
  expect(JSON.parse(await textOf(tried))).toMatchObject({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "somebody/m",
    content: [{ type: "text", text: "Hello" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 2 },
  });
});

test("a stream that is cut is told so, without a good end, and counts as cut", async () => {
  const tried = await ask("openai-chat", "anthropic-messages", "stream", sse(START, ...HELLO));
  const text = await textOf(tried);
  expect(text).toContain('"error":');
  expect(text).not.toContain("[DONE]");
  expect(tried.kind === "opened" && (await tried.value.over)).toMatchObject({ kind: "cut", failure: { reason: "network", detail: "cut" } });
});

test.each([
  ["an error before the first word", sse(START, { type: "error", error: { type: "overloaded_error", message: "busy" } }), { reason: "overloaded" }],
  [
    "a refusal",
    response(429, '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}', { "content-type": "application/json" }),
    { reason: "rate_limit", status: 429 },
  ],
  ["an empty body", response(200, "", { "content-type": "text/event-stream" }), { reason: "unknown", detail: "empty" }],
  ["a page", response(200, "<html></html>", { "content-type": "text/html" }), { reason: "network", detail: "html" }],
  ["a connection that breaks", Object.assign(new Error("reset"), { code: "ECONNRESET" }), { reason: "network", detail: "reset" }],
] as const)("%s leaves the way open for another candidate", async (_, answer, failure) => {
  expect(await ask("openai-chat", "anthropic-messages", "stream", answer)).toMatchObject({ kind: "refused", failure });
});

describe("however the network cuts a stream", () => {
  const CLIENTS = Object.keys(ALL_ASKED) as (keyof typeof ALL_ASKED)[];
  const SAID = { text: "Grüße, 世界 🌍!" };
  const CALLED = { call: { name: "wetter", input: { ort: "Zürich 🌧" } } };
  const bytesOf = (format: ProtocolId, said: typeof SAID | typeof CALLED): { type: string; bytes: Uint8Array } => {
    const { contentType, pieces } = streamed(format, said);
    return { type: contentType, bytes: Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece))) };
  };
  async function* inPieces(bytes: Uint8Array, ends: readonly number[]): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const end of [...ends, bytes.length]) {
      yield bytes.slice(start, end);
      start = end;
    }
  }
  const told = async (from: keyof typeof ALL_ASKED, to: ProtocolId, { type, bytes }: ReturnType<typeof bytesOf>, ends: readonly number[]): Promise<string> =>
    textOf(await ask(from, to, "stream", { status: 200, headers: { "content-type": type }, body: inPieces(bytes, ends) }));

  test.each(Object.keys(protocols) as ProtocolId[])("an answer of %s is told alike, split at every byte and into single bytes", async (to) => {
    for (const said of [SAID, CALLED]) {
      const stream = bytesOf(to, said);
      const everyByte = Array.from({ length: stream.bytes.length - 1 }, (_, i) => i + 1);
      for (const from of CLIENTS) {
        const whole = await told(from, to, stream, []);
        expect(whole).toContain(said === CALLED ? "wetter" : "🌍");
        expect(await told(from, to, stream, everyByte)).toBe(whole);
        // Each client's writer is behind the same reader: every split is tried with one of them.
        if (from !== "openai-chat") continue;
        for (const end of everyByte) if ((await told(from, to, stream, [end])) !== whole) throw new Error(`another answer when it is split at ${end}`);
      }
    }
  });
});

test("what a streamed answer loses is told before its end, as a comment", async () => {
  const signed = { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "s" } };
  const text = await textOf(await ask("openai-chat", "anthropic-messages", "stream", sse(START, ...HELLO, signed, ...END)));
  expect(text.split("\n\n").slice(-4)).toEqual([": x-signalbox-lost: answer[0]", expect.stringContaining('"finish_reason":"stop"'), "data: [DONE]", ""]);
});

test("a stream that nobody begins to read closes its connection", async () => {
  let closed: (how: string) => void = () => undefined;
  const closing = new Promise<string>((resolve) => {
    closed = resolve;
  });
  const { headers, body } = sse(START, ...HELLO, ...END);
  async function* open(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
      await new Promise(() => undefined);
    } finally {
      closed("before its end");
    }
  }
  const tried = await ask("openai-chat", "anthropic-messages", "stream", { status: 200, headers, body: open() });
  if (tried.kind !== "opened" || tried.value.body instanceof Uint8Array) return expect.unreachable();
  await tried.value.body[Symbol.asyncIterator]().return?.();
  expect(await tried.value.over).toMatchObject({ kind: "cancelled" });
  expect(await closing).toBe("before its end");
});
