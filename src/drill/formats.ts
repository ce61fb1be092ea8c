/** What the vendors of the drill say, in the format in which they are asked. */
export interface Format {
  /** An error as such a vendor words it. */
  error(status: number, kind: ErrorKind): string;
  /** The whole answer. */
  whole(words: readonly string[], model: string): string;
  /** The answer as events: what comes first, one for each word, and what ends it. */
  stream(words: readonly string[], model: string): { readonly head: readonly string[]; readonly words: readonly string[]; readonly tail: readonly string[] };
  /** An error in the middle of a stream. */
  streamError(kind: ErrorKind): string;
  /** The last of `tail` that clients may wait for; the rest is the end of the answer itself. */
  readonly lastCount: number;
}

export type ErrorKind = "rate_limit" | "server" | "overloaded" | "auth" | "billing" | "context_length" | "content_filter" | "prefill";

const MESSAGES: Readonly<Record<ErrorKind, string>> = {
  rate_limit: "Rate limit reached.",
  server: "The server had an error.",
  overloaded: "The server is overloaded.",
  auth: "Incorrect API key provided.",
  billing: "You exceeded your current quota, please check your plan and billing details.",
  context_length: "This model's maximum context length is 8192 tokens.",
  content_filter: "The request was rejected by the safety system.",
  prefill: "The conversation must end with a message of the user.",
};

const OPENAI: Readonly<Record<ErrorKind, readonly [type: string, code: string | null]>> = {
  rate_limit: ["rate_limit_error", "rate_limit_exceeded"],
  server: ["server_error", null],
  overloaded: ["server_error", "server_is_overloaded"],
  auth: ["invalid_request_error", "invalid_api_key"],
  billing: ["insufficient_quota", "insufficient_quota"],
  context_length: ["invalid_request_error", "context_length_exceeded"],
  content_filter: ["invalid_request_error", "content_policy_violation"],
  prefill: ["invalid_request_error", null],
};

const ANTHROPIC: Readonly<Record<ErrorKind, string>> = {
  rate_limit: "rate_limit_error",
  server: "api_error",
  overloaded: "overloaded_error",
  auth: "authentication_error",
  billing: "billing_error",
  context_length: "invalid_request_error",
  content_filter: "invalid_request_error",
  prefill: "invalid_request_error",
};

const USAGE = { prompt_tokens: 25, completion_tokens: 60, total_tokens: 85 };
const sse = (value: object, name?: string): string => `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;

function openaiError(kind: ErrorKind): object {
  const [type, code] = OPENAI[kind];
  return { error: { message: MESSAGES[kind], type, param: null, code } };
}

const openaiChat: Format = {
  error: (_, kind) => JSON.stringify(openaiError(kind)),
  whole: (words, model) =>
    JSON.stringify({
      id: "drill",
      object: "chat.completion",
      model,
      choices: [{ index: 0, message: { role: "assistant", content: words.join("") }, finish_reason: "stop" }],
      usage: USAGE,
    }),
  stream: (words, model) => {
    const chunk = (delta: object, finish_reason: string | null, more: object = {}): string =>
      sse({ id: "drill", object: "chat.completion.chunk", model, choices: [{ index: 0, delta, finish_reason }], ...more });
    return {
      head: [chunk({ role: "assistant", content: "" }, null)],
      words: words.map((content) => chunk({ content }, null)),
      tail: [chunk({}, "stop", { usage: USAGE }), "data: [DONE]\n\n"],
    };
  },
  streamError: (kind) => sse(openaiError(kind)),
  lastCount: 1,
};

const anthropicMessages: Format = {
  error: (_, kind) => JSON.stringify(anthropicError(kind)),
  whole: (words, model) =>
    JSON.stringify({
      id: "drill",
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text: words.join("") }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 25, output_tokens: 60 },
    }),
  stream: (words, model) => {
    const event = (value: { readonly type: string } & Record<string, unknown>): string => sse(value, value.type);
    const message = { id: "drill", type: "message", role: "assistant", model, content: [], stop_reason: null, usage: { input_tokens: 25, output_tokens: 1 } };
    return {
      head: [event({ type: "message_start", message }), event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } })],
      words: words.map((text) => event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      tail: [
        event({ type: "content_block_stop", index: 0 }),
        event({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 60 } }),
        event({ type: "message_stop" }),
      ],
    };
  },
  streamError: (kind) => sse(anthropicError(kind), "error"),
  lastCount: 1,
};

function anthropicError(kind: ErrorKind): object {
  const message = kind === "context_length" ? "prompt is too long: 9000 tokens > 8192 maximum" : MESSAGES[kind];
  return { type: "error", error: { type: ANTHROPIC[kind], message } };
}

const place = { item_id: "m", output_index: 0, content_index: 0 };

const openaiResponses: Format = {
  error: (_, kind) => JSON.stringify(openaiError(kind)),
  whole: (words, model) => JSON.stringify(response(words, model)),
  stream: (words, model) => {
    const event = (value: { readonly type: string } & Record<string, unknown>): string => sse(value, value.type);
    return {
      head: [
        event({ type: "response.created", response: { id: "drill", model, status: "in_progress", output: [] } }),
        event({
          type: "response.output_item.added",
          output_index: 0,
          item: { id: "m", type: "message", role: "assistant", status: "in_progress", content: [] },
        }),
        event({ type: "response.content_part.added", ...place, part: { type: "output_text", text: "", annotations: [] } }),
      ],
      words: words.map((delta) => event({ type: "response.output_text.delta", ...place, delta })),
      tail: [event({ type: "response.completed", response: response(words, model) })],
    };
  },
  streamError: (kind) => sse({ type: "error", ...openaiError(kind) }, "error"),
  lastCount: 0,
};

function response(words: readonly string[], model: string): object {
  const content = [{ type: "output_text", text: words.join(""), annotations: [] }];
  const output = [{ id: "m", type: "message", role: "assistant", status: "completed", content }];
  return { id: "drill", object: "response", model, status: "completed", output, usage: { input_tokens: 25, output_tokens: 60, total_tokens: 85 } };
}

const GOOGLE: Readonly<Record<ErrorKind, string>> = {
  rate_limit: "RESOURCE_EXHAUSTED",
  server: "INTERNAL",
  overloaded: "UNAVAILABLE",
  auth: "UNAUTHENTICATED",
  billing: "RESOURCE_EXHAUSTED",
  context_length: "INVALID_ARGUMENT",
  content_filter: "INVALID_ARGUMENT",
  prefill: "INVALID_ARGUMENT",
};

const googleGenerate: Format = {
  error: (status, kind) => JSON.stringify(googleError(status, kind)),
  whole: (words, model) => JSON.stringify(candidate(words.join(""), model, "STOP")),
  stream: (words, model) => ({
    head: [],
    words: words.map((text) => sse(candidate(text, model))),
    tail: [sse(candidate("", model, "STOP"))],
  }),
  streamError: (kind) => sse(googleError(503, kind)),
  lastCount: 0,
};

function googleError(code: number, kind: ErrorKind): object {
  const message = kind === "context_length" ? "The input token count (9000) exceeds the maximum number of tokens allowed (8192)." : MESSAGES[kind];
  return { error: { code, status: GOOGLE[kind], message } };
}

function candidate(text: string, modelVersion: string, finishReason?: string): object {
  const usageMetadata = { promptTokenCount: 25, candidatesTokenCount: 60, totalTokenCount: 85 };
  return { candidates: [{ index: 0, content: { role: "model", parts: [{ text }] }, ...(finishReason && { finishReason }) }], modelVersion, usageMetadata };
}

/** By the path that is asked; undefined for formats whose vendors the drill cannot play. */
export function formatAt(path: string): { readonly format: Format; readonly streams: "by body" | boolean } | undefined {
  if (path.endsWith("/chat/completions")) return { format: openaiChat, streams: "by body" };
  if (path.endsWith("/messages")) return { format: anthropicMessages, streams: "by body" };
  if (path.endsWith("/responses")) return { format: openaiResponses, streams: "by body" };
  if (path.endsWith(":streamGenerateContent")) return { format: googleGenerate, streams: true };
  if (path.endsWith(":generateContent")) return { format: googleGenerate, streams: false };
  return undefined;
}
