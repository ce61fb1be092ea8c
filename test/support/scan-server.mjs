import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { argv, env, execPath, exit } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BEHAVIOURS } from "./vendor-server.mjs";

/**
 * Servers of models on loopback that list and answer: below `/openrouter/api/v1`, `/ollama/v1`, `/lmstudio/v1`, `/vllm/v1`, each in the shape that
 * the real one is documented to have (see model-servers.ts for the pages, read on 2026-11-21). What a word in a model's id does is in `ODD`.
 * `flood` names what every chat is answered with, of the behaviours of vendor-server.mjs. As a program, `node scan-server.mjs <command> …` runs the command with SCAN_URL; SCAN_LOG names a file that gets a line a request.
 */
export async function startScanServer({ delayMs = 0, onRequest = () => undefined, openRouterModels = OPENROUTER, flood } = {}) {
  const asked = [];
  const server = createServer((request, answer) => void respond(request, answer));
  server.keepAliveTimeout = 30_000;
  async function respond(request, answer) {
    answer.setMaxListeners(0);
    let body = "";
    for await (const piece of request) body += piece;
    const [, shape = "", ...rest] = request.url.split("?")[0].split("/");
    const path = `/${rest.join("/")}`;
    const seen = { method: request.method, path: request.url, headers: request.headers, body };
    asked.push(seen);
    onRequest(seen);
    const served = SHAPES[shape];
    if (served === undefined) return json(answer, 404, { error: { message: "Not Found" } });
    if (path.endsWith("/chat/completions")) {
      if (delayMs > 0) await wait(delayMs);
      if (flood !== undefined) return BEHAVIOURS[flood]({ request, answer, socket: request.socket, path, body });
      return chat({ shape, request, answer, asked: JSON.parse(body) });
    }
    const [status, value] = served({ path, body, openRouterModels });
    return json(answer, status, value);
  }
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export const SCAN_KEY = "sk-or-v1-canary0123456789abcdef0123456789";

/** One entry of OpenRouter's list. */
export function openRouterModel(id, { name = id, created = 1_763_000_000, context = 131_072, input = ["text"], price = "0", parameters = ["tools"] } = {}) {
  return {
    ...{ id, canonical_slug: id, hugging_face_id: "", name, created, description: "", context_length: context },
    architecture: { modality: `${input.join("+")}->text`, input_modalities: input, output_modalities: ["text"], tokenizer: "Other", instruct_type: null },
    pricing: { prompt: price, completion: price, request: "0", image: "0", web_search: "0", internal_reasoning: "0" },
    top_provider: { context_length: context, max_completion_tokens: 8192, is_moderated: false },
    per_request_limits: null,
    supported_parameters: parameters,
  };
}

const OPENROUTER = [
  openRouterModel("qwen/qwen3-32b:free", { name: "Qwen: Qwen3 32B (free)", context: 40_960, parameters: ["tools", "response_format"] }),
  openRouterModel("google/gemma-3-27b-it:free", { name: "Google: Gemma 3 27B (free)", context: 96_000, input: ["text", "image"] }),
  openRouterModel("acme/colour-blind-9b:free", { name: "Acme: Colour 9B (free)", input: ["text", "image"] }),
  openRouterModel("acme/imageless-12b:free", { name: "Acme: Imageless 12B (free)", input: ["text", "image"] }),
  openRouterModel("acme/mute-70b:free", { name: "Acme: Mute 70B (free)", parameters: [] }),
  openRouterModel("acme/limited-120b:free", { name: "Acme: Limited 120B (free)" }),
  openRouterModel("acme/old-8b:free", { name: "Acme: Old 8B (free)", created: 1_600_000_000 }),
  openRouterModel("acme/paid-405b", { name: "Acme: Paid 405B", price: "0.0000025" }),
];

const OLLAMA = {
  "llama3.1:8b": { family: "llama", context: 131_072, capabilities: ["completion", "tools"] },
  "llava:7b": { family: "llama", context: 32_768, capabilities: ["completion", "vision"] },
  "nomic-embed-text:latest": { family: "nomic-bert", context: 2048, capabilities: ["embedding"] },
};

const list = (ids, more) => ({ object: "list", data: ids.map((id) => ({ id, object: "model", created: 1_730_000_000, ...more })) });

/** What each server answers besides chats: [status, JSON]. */
const SHAPES = {
  openrouter: ({ path, openRouterModels }) =>
    path === "/api/v1/models" ? [200, { data: openRouterModels }] : [404, { error: { message: "Not Found", code: 404 } }],
  ollama: ({ path, body }) => {
    if (path === "/v1/models") return [200, list(Object.keys(OLLAMA), { owned_by: "library" })];
    if (path === "/api/tags")
      return [
        200,
        { models: Object.keys(OLLAMA).map((name) => ({ name, model: name, size: 4_661_224_676, digest: "365c0bd3", details: { format: "gguf" } })) },
      ];
    if (path === "/api/ps") return [200, { models: [] }];
    const model = path === "/api/show" ? OLLAMA[JSON.parse(body).model] : undefined;
    if (model === undefined) return [404, { error: "not found" }];
    return [200, { model_info: { "general.architecture": model.family, [`${model.family}.context_length`]: model.context }, capabilities: model.capabilities }];
  },
  lmstudio: ({ path }) => {
    const ids = ["qwen2-vl-7b-instruct", "meta-llama-3.1-8b-instruct"];
    if (path === "/v1/models") return [200, list([...ids, "text-embedding-nomic-embed-text-v1.5"], { owned_by: "organization_owner" })];
    if (path !== "/api/v0/models") return [200, { error: "Unexpected endpoint or method." }];
    const entry = (id, type, more) => ({ id, object: "model", type, arch: "x", state: "loaded", max_context_length: 32_768, ...more });
    return [
      200,
      {
        object: "list",
        data: [
          entry(ids[0], "vlm"),
          entry(ids[1], "llm", { loaded_context_length: 8192, capabilities: ["tool_use"] }),
          entry("text-embedding-nomic-embed-text-v1.5", "embeddings"),
        ],
      },
    ];
  },
  vllm: ({ path }) =>
    path === "/v1/models"
      ? [200, list(["Qwen/Qwen3-32B"], { owned_by: "vllm", root: "Qwen/Qwen3-32B", parent: null, max_model_len: 40_960 })]
      : [404, { detail: "Not Found" }],
};

const openAiError = (message, code) => ({ error: { message, type: "invalid_request_error", param: null, code } });

/** What a word in a model's id makes it do, by what it is asked. Answers true when it has. */
const ODD = {
  limited: ({ answer }) => json(answer, 429, { error: { message: "Rate limit exceeded: free-models-per-day", code: 429 } }, { "retry-after": "60" }),
  mute: ({ answer, wants, model }) => wants === "tool" && json(answer, 200, whole(model, { content: "pong" })),
  "bad-args": ({ answer, wants, model }) => wants === "tool" && json(answer, 200, whole(model, { tool_calls: [call("[1]")] })),
  "colour-blind": ({ answer, wants, model }) => wants === "image" && json(answer, 200, whole(model, { content: "Blue." })),
  imageless: ({ answer, wants }) => wants === "image" && json(answer, 401, { error: { message: "No endpoints found that support image input", code: 401 } }),
  fenced: ({ answer, wants, model }) => wants === "json" && json(answer, 200, whole(model, { content: '```json\n{"ok": true}\n```' })),
  unstreamed: ({ answer, wants, model }) => wants === "stream" && json(answer, 200, whole(model, { content: "1 2 3" })),
  "no-json": ({ answer, wants }) => wants === "json" && json(answer, 400, openAiError("response_format is not supported by this model", null)),
  silent: async ({ answer }) => {
    answer.writeHead(200, { "content-type": "application/json" });
    await wait(600_000, undefined, { ref: false });
    return true;
  },
  hostile: ({ answer, model }) => json(answer, 500, { error: { message: `\u001b[2J\u001b]0;owned\u0007 ${SCAN_KEY} ${model}`, code: 500 } }),
};

async function chat({ shape, request, answer, asked }) {
  if (shape === "openrouter" && request.headers.authorization !== `Bearer ${SCAN_KEY}`)
    return json(answer, 401, { error: { message: "No auth credentials found", code: 401 } });
  const hasImage = asked.messages.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type === "image_url"));
  const wants =
    asked.tools !== undefined ? "tool" : hasImage ? "image" : asked.response_format !== undefined ? "json" : asked.stream === true ? "stream" : "text";
  if (shape === "lmstudio" && asked.response_format?.type === "json_object")
    return json(answer, 400, { error: "'response_format.type' must be 'json_schema' or 'text'" });
  const { model } = asked;
  for (const [word, act] of Object.entries(ODD)) if (model.includes(word) && (await act({ answer, wants, model }))) return undefined;
  if (wants === "stream") return streamed(answer, model);
  const message = { tool: { tool_calls: [call("{}")] }, image: { content: "Red" }, json: { content: '{"ok": true}' }, text: { content: "OK" } }[wants];
  return json(answer, 200, whole(model, message));
}

function call(args) {
  return { id: "call_1", type: "function", function: { name: "ping", arguments: args } };
}

function whole(model, message) {
  const finish = message.tool_calls === undefined ? "stop" : "tool_calls";
  const choices = [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: finish }];
  return {
    id: "gen-1",
    object: "chat.completion",
    created: 1_763_000_000,
    model,
    choices,
    usage: { prompt_tokens: 40, completion_tokens: 8, total_tokens: 48 },
  };
}

async function streamed(answer, model) {
  answer.writeHead(200, { "content-type": "text/event-stream" });
  const event = (value) =>
    answer.write(`data: ${JSON.stringify({ id: "gen-1", object: "chat.completion.chunk", created: 1_763_000_000, model, ...value })}\n\n`);
  const delta = (content, finish_reason = null) => event({ choices: [{ index: 0, delta: { content }, finish_reason }] });
  delta("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ");
  await wait(1);
  delta("16 17 18 19 20 21 22 23 24 25 26 27 28 29 30", "stop");
  event({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 60, total_tokens: 80 } });
  answer.end("data: [DONE]\n\n");
}

function json(answer, status, value, headers = {}) {
  answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  return true;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const onRequest = ({ method, path }) => env.SCAN_LOG !== undefined && appendFileSync(env.SCAN_LOG, `${method} ${path}\n`);
  const server = await startScanServer({ onRequest, delayMs: Number(env.SCAN_DELAY_MS ?? 0) });
  const [command, ...args] = argv.slice(2);
  const program = command.endsWith(".cjs") ? [execPath, [command, ...args]] : [command, args];
  spawn(...program, { env: { ...env, SCAN_URL: server.url }, stdio: "inherit" }).on("close", (code) => exit(code ?? 1));
}
