import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import { argv, env, execPath, exit } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";

/**
 * A vendor on loopback. The first segment of the path says how it behaves: `http://127.0.0.1:<port>/auth/v1/chat/completions` answers 401 in the
 * shape of the format that the rest of the path belongs to. As a program, `node vendor-server.mjs <command> …` runs the command with VENDOR_URL,
 * VENDOR_TLS_URL (the same port, where no TLS is spoken), VENDOR_GONE_URL (nobody listens there) and VENDOR_MUTE_URL (takes connections and never says a
 * word, of TLS neither); as a proxy, VENDOR_URL refuses. VENDOR_LOG names a file that gets a line a request.
 */
export async function startVendor({ delayMs = 0, onRequest = () => undefined } = {}) {
  const asked = [];
  const server = createServer((request, answer) => {
    answer.setMaxListeners(0);
    void respond(request, answer);
  });
  server.keepAliveTimeout = 30_000;
  // As a proxy it wants a password.
  server.on("connect", (_, socket) => socket.on("error", () => undefined).end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"));
  async function respond(request, answer) {
    let body = "";
    for await (const piece of request) body += piece;
    const [, behaviour = "", ...rest] = request.url.split("?")[0].split("/");
    const seen = { method: request.method, path: request.url, behaviour, bodyBytes: Buffer.byteLength(body), body, headers: request.headers };
    asked.push(seen);
    onRequest(seen);
    if (delayMs > 0) await wait(delayMs);
    const act = BEHAVIOURS[behaviour] ?? CLASSES[behaviour] ?? BEHAVIOURS.not_found;
    await act({ request, answer, socket: request.socket, path: `/${rest.join("/")}`, body });
  }
  const port = await listen(server);
  const gone = await deafPort();
  return {
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${port}`,
    goneUrl: `http://127.0.0.1:${gone}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

/** A port at which nobody listens, nor will: it is one end of a connection that stays open. */
async function deafPort() {
  const server = createSocketServer((socket) => socket.unref());
  const socket = connect(await listen(server), "127.0.0.1").unref();
  await Promise.all([once(socket, "connect"), once(server, "connection")]);
  server.close();
  return socket.localPort;
}

const json = (answer, status, value, headers = {}) => answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const say =
  (status, value, headers) =>
  ({ answer }) =>
    json(answer, status, value, headers);
const raw =
  (text) =>
  ({ socket }) =>
    socket.end(text);
const openaiError = (code, message, type = "invalid_request_error") => ({ error: { message, type, param: null, code } });

/** Anthropic's own shape where its path is asked, else OpenAI's. */
const refuse =
  (status, openai, anthropic, headers = {}) =>
  (call) =>
    json(call.answer, status, call.path.endsWith("/messages") ? { type: "error", error: anthropic } : openai, headers);

/** What a working server answers, by the path that is asked. */
function good(path, text = "OK") {
  if (path.endsWith("/messages"))
    return {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: text === "" ? [] : [{ type: "text", text }],
      stop_reason: "end_turn",
      usage: { input_tokens: 11, output_tokens: 2 },
    };
  if (path.endsWith("/responses"))
    return {
      id: "resp_1",
      object: "response",
      status: "completed",
      model: "m",
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text }] }],
      usage: { input_tokens: 11, output_tokens: 2 },
    };
  if (path.includes(":generateContent"))
    return {
      candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 2 },
    };
  if (path.endsWith("/models")) return { object: "list", data: [{ id: "m", object: "model" }] };
  if (path.endsWith("/embeddings"))
    return { object: "list", data: [{ object: "embedding", index: 0, embedding: [0.1, 0.2] }], usage: { prompt_tokens: 2, total_tokens: 2 } };
  if (path.endsWith("/rerank")) return { results: [{ index: 0, relevance_score: 0.9 }] };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: text === "" ? 0 : 2, total_tokens: 13 },
  };
}

function wholeAnswer(path) {
  const body = JSON.stringify(good(path));
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const chunk = (delta, finish = null) => JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });
const sse = ({ answer }) => answer.writeHead(200, { "content-type": "text/event-stream" });
const never = () => new Promise(() => undefined);

async function flood(stream, piece, limitBytes) {
  for (let sent = 0; sent < limitBytes && !stream.destroyed; sent += piece.length) {
    if (!stream.write(piece))
      await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), new Promise((resolve) => stream.once("close", resolve))]);
  }
}

/** Every way in which a vendor, or what stands before it, has been seen to answer. */
export const BEHAVIOURS = {
  ok: ({ answer, path }) => json(answer, 200, good(path)),
  auth: refuse(401, openaiError("invalid_api_key", "Incorrect API key provided."), { type: "authentication_error", message: "invalid x-api-key" }),
  billing: refuse(429, openaiError("insufficient_quota", "You exceeded your current quota.", "insufficient_quota"), {
    type: "invalid_request_error",
    message: "Your credit balance is too low to access the Anthropic API.",
  }),
  rate_limit: refuse(
    429,
    openaiError("rate_limit_exceeded", "Rate limit reached.", "requests"),
    { type: "rate_limit_error", message: "This request would exceed your rate limit." },
    { "retry-after": "20" },
  ),
  hostile_wait: refuse(
    429,
    openaiError("rate_limit_exceeded", "Rate limit reached."),
    { type: "rate_limit_error", message: "wait" },
    { "retry-after": "36000" },
  ),
  bad_request: refuse(400, openaiError(null, "Unrecognized request argument."), { type: "invalid_request_error", message: "messages: required" }),
  model_gone: refuse(404, openaiError("model_not_found", "The model `m` does not exist."), { type: "not_found_error", message: "model: m" }),
  not_found: ({ answer }) => answer.writeHead(404, { "content-type": "text/plain" }).end("404 page not found"),
  server_error: refuse(500, openaiError(null, "The server had an error.", "server_error"), { type: "api_error", message: "Internal server error" }),
  bad_gateway: ({ answer }) => answer.writeHead(502, { "content-type": "text/html" }).end("<html><body><h1>502 Bad Gateway</h1></body></html>"),
  overloaded: refuse(503, openaiError("server_is_overloaded", "Overloaded.", "server_error"), { type: "overloaded_error", message: "Overloaded" }),
  busy_529: refuse(529, openaiError(null, "Overloaded"), { type: "overloaded_error", message: "Overloaded" }),
  html: ({ answer }) => answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Sign in</title><p>Please log in"),
  redirect: ({ answer }) => answer.writeHead(307, { location: "http://127.0.0.1:9/stolen" }).end(),
  error_in_200: say(200, { error: { message: "No auth credentials found", code: 401 } }),
  nothing: ({ answer }) => answer.writeHead(200, { "content-type": "application/json" }).end(),
  blank: ({ answer, path }) => json(answer, 200, good(path, "")),
  no_content_204: ({ answer }) => answer.writeHead(204).end(),
  other_json: say(200, { hello: "world" }),
  not_json: ({ answer }) => answer.writeHead(200, { "content-type": "application/json" }).end('{"id": "x", "choices": ['),
  reset: ({ socket }) => socket.resetAndDestroy(),
  closed: ({ socket }) => socket.destroy(),
  reset_after_headers: async ({ answer, socket }) => {
    answer.writeHead(200, { "content-type": "application/json" }).write('{"id":');
    await wait(20);
    socket.resetAndDestroy();
  },
  cut_chunk: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"id":'),
  short_length: raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"id":"x"'),
  hang: never,
  stall: async ({ answer }) => {
    answer.writeHead(200, { "content-type": "application/json" }).write("{");
    await never();
  },
  drip: async ({ answer, path }) => {
    answer.writeHead(200, { "content-type": "application/json" });
    for (const letter of JSON.stringify(good(path))) {
      if (answer.destroyed) return;
      answer.write(letter);
      await wait(1000);
    }
  },
  no_http: raw("SSH-2.0-OpenSSH_9.2\r\n"),
  http_1_0: ({ socket, path }) => socket.end(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(good(path))}`),
  // What nobody asked for with `expect` is a broken answer to many clients, ours among them.
  continue_100: ({ socket, path }) => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${wholeAnswer(path)}`),
  early_hints: ({ socket, path }) => socket.end(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${wholeAnswer(path)}`),
  double_headers: ({ answer, path }) => {
    answer.setHeader("x-twice", ["a", "b"]);
    json(answer, 200, good(path));
  },
  garbage_after: ({ answer, path }) =>
    answer.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify(good(path))}\n<!-- served by a proxy -->`),
  gzip: ({ answer, path }) => {
    answer.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    const zip = createGzip();
    zip.pipe(answer);
    zip.end(JSON.stringify(good(path)));
  },
  gzip_bomb: async ({ answer }) => {
    answer.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    const zip = createGzip();
    zip.setMaxListeners(0).on("error", () => undefined);
    answer.on("close", () => zip.destroy());
    zip.pipe(answer);
    zip.write('{"a":"');
    await flood(zip, Buffer.alloc(1 << 20, 97), 200 << 20);
    zip.end('"}');
  },
  endless_header: async ({ socket }) => {
    socket.on("error", () => undefined);
    socket.write("HTTP/1.1 200 OK\r\nx-a: ");
    await flood(socket, Buffer.alloc(1 << 16, 97), 200 << 20);
    socket.destroy();
  },
  endless_line: async (call) => {
    sse(call).write("data: ");
    await flood(call.answer, Buffer.alloc(1 << 16, 97), 200 << 20);
    call.answer.destroy();
  },
  endless_body: async ({ answer }) => {
    answer.writeHead(200, { "content-type": "application/json" }).write('{"a":"');
    await flood(answer, Buffer.alloc(1 << 16, 97), 200 << 20);
    answer.destroy();
  },
  // Streams, although none was asked for.
  sse: (call) => sse(call).end(`data: ${chunk({ role: "assistant" })}\n\ndata: ${chunk({ content: "OK" }, "stop")}\n\ndata: [DONE]\n\n`),
  sse_crlf: (call) => sse(call).end(`: hello\r\n\r\ndata: ${chunk({ content: "OK" }, "stop")}\r\n\r\ndata: [DONE]`),
  sse_split: async (call) => {
    const bytes = Buffer.from(`data: ${chunk({ content: "né" }, "stop")}\n\n`);
    const at = bytes.indexOf(0xc3) + 1;
    sse(call).write(bytes.subarray(0, at));
    await wait(10);
    call.answer.end(bytes.subarray(at));
  },
  sse_cut: (call) => sse(call).end(`data: ${chunk({ content: "O" })}\n\n`),
  sse_error: (call) => sse(call).end(`data: ${JSON.stringify({ error: { message: "Overloaded", type: "overloaded_error" } })}\n\n`),
  sse_error_late: (call) =>
    sse(call).end(`data: ${chunk({ content: "O" })}\n\ndata: ${JSON.stringify({ error: { message: "Overloaded", type: "overloaded_error" } })}\n\n`),
  sse_not_json: (call) => sse(call).end("data: {\n\ndata: nope\n\n"),
};

const typed = (type, code, message) => ({ error: { message, type, code, param: null } });

/** What is left of the classes of failures, each in the words of a vendor that are known for it; the name is `<reason>_<detail>`. */
const CLASSES = {
  auth_expired: say(401, typed("invalid_request_error", "token_expired", "Provided authentication token is expired.")),
  auth_clock: say(
    403,
    { message: "Signature expired: 20261121T101500Z is now earlier than 20261121T102500Z" },
    { "x-amzn-errortype": "InvalidSignatureException" },
  ),
  auth_region: say(403, typed("request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported")),
  auth_suspended: say(401, typed("invalid_request_error", "account_deactivated", "The account was deactivated.")),
  permission: say(403, typed("permission_error", null, "You do not have access to this model.")),
  permission_agreement: say(403, typed("invalid_request_error", null, "Your organization must be verified to use the model `m`.")),
  billing_spend_limit: say(429, typed("insufficient_quota", "project_spend_limit_exceeded", "The project has reached its spend limit.")),
  billing_plan: say(429, typed("usage_not_included", null, "To use this, upgrade the plan.")),
  usage_limit: say(429, typed("usage_limit_reached", null, "The usage limit has been reached."), { "retry-after": "7200" }),
  overloaded_loading: say(503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } }),
  timeout_vendor: ({ answer }) => answer.writeHead(504, { "content-type": "text/plain" }).end("upstream request timeout"),
  network_unreachable: ({ answer }) => answer.writeHead(522, { "content-type": "text/plain" }).end("error code: 522"),
  context_length: say(400, typed("invalid_request_error", "context_length_exceeded", "This model's maximum context length is 8 tokens.")),
  context_length_bytes: ({ answer }) => answer.writeHead(413, { "content-type": "text/plain" }).end("Payload Too Large"),
  content_filter_prompt: say(400, typed("invalid_request_error", "content_policy_violation", "The request was refused by the content policy.")),
  content_filter_answer: ({ answer, path }) => {
    const answered = good(path, "");
    json(answer, 200, { ...answered, choices: answered.choices.map((choice) => ({ ...choice, finish_reason: "content_filter" })) });
  },
  format_output_floor: say(400, {
    error: { message: "Expected a value >= 16.", type: "invalid_request_error", code: "integer_below_min_value", param: "max_output_tokens" },
  }),
  model_not_found_retired: say(404, typed("invalid_request_error", "model_decommissioned", "The model `m` has been decommissioned.")),
};

if (argv[1] === fileURLToPath(import.meta.url)) {
  const onRequest = ({ method, path, bodyBytes }) => env.VENDOR_LOG !== undefined && appendFileSync(env.VENDOR_LOG, `${method} ${path} ${bodyBytes}\n`);
  const vendor = await startVendor({ onRequest, delayMs: Number(env.VENDOR_DELAY_MS ?? 0) });
  const mute = createSocketServer((socket) => socket.on("error", () => undefined));
  const [command, ...args] = argv.slice(2);
  const urls = { VENDOR_URL: vendor.url, VENDOR_TLS_URL: vendor.tlsUrl, VENDOR_GONE_URL: vendor.goneUrl };
  urls.VENDOR_MUTE_URL = `https://127.0.0.1:${await listen(mute)}`;
  const program = command.endsWith(".cjs") ? [execPath, [command, ...args]] : [command, args];
  spawn(...program, { env: { ...env, ...urls }, stdio: "inherit" }).on("close", (code) => exit(code ?? 1));
}
