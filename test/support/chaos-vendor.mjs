import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

/**
 * A vendor on loopback for the gateway's tests: the first segment of the path says how it fails, the rest is the path of the format. What it was
 * asked is in `asked`; sockets that are open are counted. `good` streams when it is asked to.
 */
export async function startChaos({ onRequest = () => undefined } = {}) {
  const asked = [];
  const sockets = new Set();
  const busy = new Set();
  const server = createServer((request, answer) => {
    busy.add(request.socket);
    answer.on("close", () => busy.delete(request.socket));
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const [, behaviour = "", ...rest] = request.url.split("?")[0].split("/");
      const seen = { behaviour, path: `/${rest.join("/")}`, headers: request.headers, body, method: request.method };
      asked.push(seen);
      onRequest(seen);
      const isStream = /"stream"\s*:\s*true/.test(body);
      const act = BEHAVIOURS[behaviour] ?? BEHAVIOURS.missing;
      act({ ...seen, seen, answer, socket: request.socket, isStream, name: behaviour });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    sockets,
    busy,
    count: (behaviour) => asked.filter((one) => one.behaviour === behaviour).length,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

const dialectOf = (path) => (path.endsWith("/messages") ? "anthropic" : path.endsWith("/responses") ? "responses" : "chat");
const MODEL = "served-model";

const chatChunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: MODEL, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const named = (value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: MODEL,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 1 },
};

/** The events of a streamed answer: before the first content, content, and its end. */
export function events(dialect, words = ["Hel", "lo ", "wörld"]) {
  if (dialect === "anthropic")
    return {
      preamble: [
        named({ type: "message_start", message }),
        named({ type: "ping" }),
        named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      ],
      content: words.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      finish: [
        named({ type: "content_block_stop", index: 0 }),
        named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 5 } }),
      ],
      last: [named({ type: "message_stop" })],
    };
  if (dialect === "responses") {
    const response = { id: "resp_1", object: "response", created_at: 1, status: "in_progress", model: MODEL, output: [], parallel_tool_calls: true, tools: [] };
    const item = { id: "m1", type: "message", role: "assistant", status: "in_progress", content: [] };
    const whole = { ...item, status: "completed", content: [{ type: "output_text", text: words.join(""), annotations: [] }] };
    return {
      preamble: [
        named({ type: "response.created", response, sequence_number: 0 }),
        named({ type: "response.output_item.added", output_index: 0, item, sequence_number: 1 }),
      ],
      content: words.map((delta, i) =>
        named({ type: "response.output_text.delta", item_id: "m1", output_index: 0, content_index: 0, delta, sequence_number: 2 + i }),
      ),
      finish: [],
      last: [
        named({
          type: "response.completed",
          sequence_number: 9,
          response: { ...response, status: "completed", output: [whole], usage: { input_tokens: 9, output_tokens: 5, total_tokens: 14 } },
        }),
      ],
    };
  }
  return {
    preamble: [chatChunk({ role: "assistant", content: "" })],
    content: words.map((content) => chatChunk({ content })),
    finish: [
      chatChunk({}, "stop"),
      `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: MODEL, choices: [], usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 } })}\n\n`,
    ],
    last: ["data: [DONE]\n\n"],
  };
}

/** A whole answer. */
export function whole(path, text = "Hello wörld") {
  if (path.endsWith("/count_tokens")) return { input_tokens: 9 };
  if (path.endsWith("/embeddings"))
    return { object: "list", model: MODEL, data: [{ object: "embedding", index: 0, embedding: [0.5, 0.25] }], usage: { prompt_tokens: 3, total_tokens: 3 } };
  const dialect = dialectOf(path);
  if (dialect === "anthropic") return { ...message, content: [{ type: "text", text }], stop_reason: "end_turn", usage: { input_tokens: 9, output_tokens: 5 } };
  if (dialect === "responses")
    return {
      id: "resp_1",
      object: "response",
      created_at: 1,
      status: "completed",
      model: MODEL,
      parallel_tool_calls: true,
      tools: [],
      output: [{ id: "m1", type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text, annotations: [] }] }],
      usage: { input_tokens: 9, output_tokens: 5, total_tokens: 14 },
    };
  return {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: MODEL,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  };
}

const json = (answer, status, value, headers = {}) => answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const sse = (answer) => answer.writeHead(200, { "content-type": "text/event-stream" });
const errorOf = (path, type, text) =>
  dialectOf(path) === "anthropic" ? { type: "error", error: { type, message: text } } : { error: { message: text, type, code: type, param: null } };

const refuse =
  (status, type, headers) =>
  ({ answer, path }) =>
    json(answer, status, errorOf(path, type, `it is ${type}`), headers);

/** `parts` of a good stream, then what happens. Where no stream was asked for, `whole` happens. */
const streamed = (parts, then, whole) => (call) => {
  if (!call.isStream) return whole === undefined ? BEHAVIOURS.good(call) : whole(call);
  const own = events(dialectOf(call.path));
  const all = { ...own, word: own.content.slice(0, 1) };
  sse(call.answer);
  for (const part of parts) for (const event of all[part] ?? [part]) call.answer.write(event);
  then(call, all);
};

const end = ({ answer }) => answer.end();
const cut = ({ answer, socket }) => answer.write("", () => setTimeout(() => socket.destroy(), 5));
const hang = () => undefined;
const streamError = ({ answer, path }) => {
  const error = errorOf(path, "overloaded_error", "it is overloaded");
  answer.end(dialectOf(path) === "anthropic" ? `event: error\ndata: ${JSON.stringify(error)}\n\n` : `data: ${JSON.stringify(error)}\n\n`);
};
const half = ({ answer, path }) => {
  const text = JSON.stringify(whole(path));
  answer.writeHead(200, { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) });
  answer.write(text.slice(0, 30), () => answer.destroy());
};

const GOOD = ["preamble", "content", "finish", "last"];

export const BEHAVIOURS = {
  good: (call) =>
    call.isStream
      ? streamed(GOOD, end)(call)
      : json(call.answer, 200, whole(call.path), { "x-request-id": "up-1", "set-cookie": "a=b", server: "chaos", "access-control-allow-origin": "*" }),
  other: (call) => BEHAVIOURS.good(call),
  missing: ({ answer }) => answer.writeHead(404).end(),
  auth: refuse(401, "authentication_error"),
  billing: refuse(402, "billing_error"),
  limited: refuse(429, "rate_limit_error", { "retry-after": "30" }),
  storm: refuse(429, "rate_limit_error"),
  hostile_limit: refuse(429, "rate_limit_error", { "retry-after": "999999999" }),
  down: refuse(503, "overloaded_error"),
  error500: refuse(500, "api_error"),
  error502: refuse(502, "api_error"),
  overloaded: refuse(529, "overloaded_error"),
  format: refuse(400, "invalid_request_error"),
  redirect: ({ answer }) => answer.writeHead(307, { location: "http://127.0.0.1:1/elsewhere" }).end(),
  html: ({ answer }) => answer.writeHead(502, { "content-type": "text/html" }).end("<html><body>Bad gateway</body></html>"),
  html200: ({ answer }) => answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><html><body>Log in</body></html>"),
  error200: ({ answer, path }) => json(answer, 200, errorOf(path, "overloaded_error", "it is overloaded")),
  empty200: ({ answer }) => answer.writeHead(200, { "content-type": "application/json" }).end(),
  reset: ({ socket }) => socket.resetAndDestroy(),
  close: ({ socket }) => socket.destroy(),
  silent: hang,
  /** Stays connected, and says nothing: `blanks` is how often it wrote one. */
  blanks: ({ answer, isStream, seen }) => {
    if (isStream) sse(answer);
    else answer.writeHead(200, { "content-type": "application/json" });
    seen.blanks = 0;
    const writing = setInterval(() => {
      seen.blanks++;
      answer.write(isStream ? ": still there\n\n" : " \n");
    }, 50);
    answer.on("close", () => clearInterval(writing));
  },
  /** A call whose arguments lie so deep that whoever goes through them runs out of stack. */
  nested: ({ answer, isStream }) => {
    const call = `{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}}`;
    const choice = (field) => `{"id":"c1","choices":[{"index":0,"finish_reason":null,"${field}":{"role":"assistant","content":null,"tool_calls":[${call}]}}]}`;
    if (isStream) sse(answer).end(`data: ${choice("delta")}\n\n${chatChunk({}, "tool_calls")}data: [DONE]\n\n`);
    else answer.writeHead(200, { "content-type": "application/json" }).end(choice("message"));
  },
  headers_then_silent: ({ answer, isStream }) => (isStream ? sse(answer) : answer.writeHead(200, { "content-type": "application/json" })).flushHeaders(),
  preamble_then_silent: streamed(["preamble"], hang, hang),
  preamble_then_cut: streamed(["preamble"], cut, half),
  preamble_then_end: streamed(["preamble"], end, half),
  preamble_then_error: streamed(["preamble"], streamError, refuse(529, "overloaded_error")),
  content_then_cut: streamed(["preamble", "content"], cut, half),
  content_then_end: streamed(["preamble", "content"], end, half),
  content_then_error: streamed(["preamble", "content"], streamError, half),
  content_then_silent: streamed(["preamble", "content"], hang, hang),
  word_then_cut: streamed(["preamble", "word"], cut, half),
  word_alone: streamed(["preamble", "word"], end, half),
  word_then_end: streamed(["preamble", "word"], end, half),
  word_then_error: streamed(["preamble", "word"], streamError, half),
  word_then_silent: streamed(["preamble", "word"], hang, hang),
  garbage_between: streamed(["preamble", "content", "data: {not json\n\n", "finish", "last"], end),
  no_done: streamed(["preamble", "content", "finish"], end),
  no_blank_line: (call) => {
    if (!call.isStream) return BEHAVIOURS.good(call);
    const all = events(dialectOf(call.path));
    sse(call.answer).end(
      GOOD.flatMap((part) => all[part])
        .join("")
        .replace(/\n\n$/, "\n"),
    );
  },
  crlf: (call) => {
    if (!call.isStream) return BEHAVIOURS.good(call);
    const all = events(dialectOf(call.path));
    sse(call.answer).end(
      GOOD.flatMap((part) => all[part])
        .join("")
        .replaceAll("\n", "\r\n"),
    );
  },
  cr: (call) => {
    if (!call.isStream) return BEHAVIOURS.good(call);
    const all = events(dialectOf(call.path));
    sse(call.answer).end(
      GOOD.flatMap((part) => all[part])
        .join("")
        .replaceAll("\n", "\r"),
    );
  },
  /** Split within a character. */
  torn: (call) => {
    if (!call.isStream) return BEHAVIOURS.good(call);
    const all = events(dialectOf(call.path));
    const bytes = Buffer.from(GOOD.flatMap((part) => all[part]).join(""));
    sse(call.answer);
    let at = 0;
    const step = () => {
      if (at >= bytes.length) return call.answer.end();
      call.answer.write(bytes.subarray(at, at + 7), () => setImmediate(step));
      at += 7;
    };
    step();
  },
  huge_event: streamed(["preamble", `data: {"x":"${"y".repeat(2 * 2 ** 20)}"}\n\n`, "content", "finish", "last"], end, refuse(500, "api_error")),
  trailing: streamed([...GOOD, 'data: {"choices":[{"delta":{"content":"ghost"}}]}\n\n'], end),
  done_then_hang: streamed(GOOD, hang),
  bomb: ({ answer }) => answer.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb()),
  gzip: (call) => {
    const all = events(dialectOf(call.path));
    const text = call.isStream ? GOOD.flatMap((part) => all[part]).join("") : JSON.stringify(whole(call.path));
    call.answer.writeHead(200, { "content-type": call.isStream ? "text/event-stream" : "application/json", "content-encoding": "gzip" }).end(gzipSync(text));
  },
  wrong_length: ({ answer, socket, path }) => {
    const text = JSON.stringify(whole(path));
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length + 500}\r\n\r\n${text}`);
    answer.destroy?.();
  },
  http10: ({ socket, path, isStream }) => {
    const all = events(dialectOf(path));
    const text = isStream ? GOOD.flatMap((part) => all[part]).join("") : JSON.stringify(whole(path));
    socket.end(`HTTP/1.0 200 OK\r\ncontent-type: ${isStream ? "text/event-stream" : "application/json"}\r\n\r\n${text}`);
  },
  not_http: ({ socket }) => socket.end("220 mail.example ESMTP\r\n"),
  whole_for_stream: ({ answer, path }) => json(answer, 200, whole(path)),
  stream_for_whole: ({ answer, path }) => {
    const all = events(dialectOf(path));
    sse(answer).end(GOOD.flatMap((part) => all[part]).join(""));
  },
  tools: (call) => toolCall(call),
};

function toolCall({ answer, path, isStream }) {
  if (dialectOf(path) === "anthropic") {
    if (!isStream)
      return json(answer, 200, {
        ...message,
        content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } }],
        stop_reason: "tool_use",
      });
    sse(answer);
    const block = { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "toolu_1", name: "weather", input: {} } };
    const parts = ['{"city":', '"Oslo"}'].map((partial) =>
      named({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: partial } }),
    );
    const stop = { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 5 } };
    return answer.end(
      [
        named({ type: "message_start", message }),
        named(block),
        ...parts,
        named({ type: "content_block_stop", index: 0 }),
        named(stop),
        named({ type: "message_stop" }),
      ].join(""),
    );
  }
  const call = { index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } };
  if (!isStream)
    return json(answer, 200, {
      ...whole(path),
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          logprobs: null,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
          },
        },
      ],
    });
  sse(answer);
  const parts = ['{"city":', '"Oslo"}'].map((text) => chatChunk({ tool_calls: [{ index: 0, function: { arguments: text } }] }));
  answer.end([chatChunk({ role: "assistant", content: null, tool_calls: [call] }), ...parts, chatChunk({}, "tool_calls"), "data: [DONE]\n\n"].join(""));
}

let packed;
/** Packing it takes a second, in which no vendor of this process answers: who asks for a `bomb` among others calls this before. */
export function bomb() {
  packed ??= gzipSync(Buffer.alloc(210 * 2 ** 20, 0x20));
  return packed;
}
