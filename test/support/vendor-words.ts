import { frame } from "../protocols/answer-fixtures.ts";

/**
 * What vendors write: one thing said, in every wire format, whole and streamed. Written from the vendors' references and not with our own
 * writers, so that a mistake of ours meets something that does not share it.
 */
export interface Said {
  readonly text?: string;
  readonly call?: { readonly name: string; readonly input: object };
}

export type VendorFormat = "openai-chat" | "openai-responses" | "anthropic-messages" | "google-generate" | "bedrock-converse";

export interface Streamed {
  readonly contentType: string;
  readonly pieces: readonly (string | Uint8Array)[];
}

/** Each vendor has its own shape of ids, Kimi's is the oddest; Gemini may give none. */
const CALL_IDS = {
  "openai-chat": "functions.weather:0",
  "openai-responses": "call_7Qm1",
  "anthropic-messages": "toolu_01A9",
  "bedrock-converse": "tooluse_Zx3w",
} as const;
const MODEL = "vendors-own-name";
const IN = 21;
const OUT = 7;

const wordsOf = (text: string): string[] => text.split(/(?<= )/);
const halves = (text: string): string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { type: string }): string => `event: ${value.type}\n${data(value)}`;
const sse = (pieces: readonly string[]): Streamed => ({ contentType: "text/event-stream; charset=utf-8", pieces });

export function whole(format: VendorFormat, said: Said): object {
  return FORMATS[format].whole(said);
}

export function streamed(format: VendorFormat, said: Said): Streamed {
  return FORMATS[format].streamed(said);
}

/** An error as the vendor words it: busy, 503. */
export function busy(format: VendorFormat): object {
  const message = "The engine is overloaded.";
  if (format === "anthropic-messages") return { type: "error", error: { type: "overloaded_error", message }, request_id: "req_1" };
  if (format === "google-generate") return { error: { code: 503, message, status: "UNAVAILABLE" } };
  if (format === "bedrock-converse") return { message };
  return { error: { message, type: "server_error", param: null, code: null } };
}

interface Writer {
  readonly whole: (said: Said) => object;
  readonly streamed: (said: Said) => Streamed;
}

const chat: Writer = {
  whole: ({ text = null, call }) => {
    const calls = call && [{ id: CALL_IDS["openai-chat"], type: "function", function: { name: call.name, arguments: JSON.stringify(call.input) } }];
    const message = { role: "assistant", content: text, refusal: null, annotations: [], ...(calls && { tool_calls: calls }) };
    const choice = { index: 0, message, logprobs: null, finish_reason: call ? "tool_calls" : "stop" };
    return { ...chatHead("chat.completion"), choices: [choice], usage: { prompt_tokens: IN, completion_tokens: OUT, total_tokens: IN + OUT } };
  },
  streamed: ({ text = "", call }) => {
    const chunk = (delta: object, finish: string | null = null): string =>
      data({ ...chatHead("chat.completion.chunk"), choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
    const part = (fields: object): string => chunk({ tool_calls: [{ index: 0, ...fields }] });
    return sse([
      chunk({ role: "assistant", content: "", refusal: null }),
      ...wordsOf(text).map((content) => chunk({ content })),
      ...(call
        ? [
            part({ id: CALL_IDS["openai-chat"], type: "function", function: { name: call.name, arguments: "" } }),
            ...halves(JSON.stringify(call.input)).map((json) => part({ function: { arguments: json } })),
          ]
        : []),
      chunk({}, call ? "tool_calls" : "stop"),
      data({ ...chatHead("chat.completion.chunk"), choices: [], usage: { prompt_tokens: IN, completion_tokens: OUT, total_tokens: IN + OUT } }),
      "data: [DONE]\n\n",
    ]);
  },
};

function chatHead(object: string): object {
  return { id: "chatcmpl-Bx1", object, created: 1_795_000_000, model: MODEL };
}

const responses: Writer = {
  whole: (said) => responseOf("completed", itemsOf(said, "completed")),
  streamed: (said) => {
    let number = 0;
    const event = (type: string, fields: object): string => named({ type, sequence_number: number++, ...fields } as { type: string });
    const begun = responseOf("in_progress", []);
    const [started] = itemsOf(said, "in_progress");
    const [done] = itemsOf(said, "completed");
    const at = { item_id: said.call ? "fc_1" : "msg_1", output_index: 0 };
    const json = JSON.stringify(said.call?.input);
    const spoken = { ...at, content_index: 0 };
    const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
    const middle = said.call
      ? [
          ...halves(json).map((delta) => event("response.function_call_arguments.delta", { ...at, delta })),
          event("response.function_call_arguments.done", { ...at, name: said.call.name, arguments: json }),
        ]
      : [
          event("response.content_part.added", { ...spoken, part: part("") }),
          ...wordsOf(said.text ?? "").map((delta) => event("response.output_text.delta", { ...spoken, delta, logprobs: [] })),
          event("response.output_text.done", { ...spoken, text: said.text, logprobs: [] }),
          event("response.content_part.done", { ...spoken, part: part(said.text ?? "") }),
        ];
    return sse([
      event("response.created", { response: begun }),
      event("response.in_progress", { response: begun }),
      event("response.output_item.added", { output_index: 0, item: started }),
      ...middle,
      event("response.output_item.done", { output_index: 0, item: done }),
      event("response.completed", { response: responseOf("completed", [done]) }),
    ]);
  },
};

function itemsOf({ text = "", call }: Said, status: "in_progress" | "completed"): object[] {
  const isDone = status === "completed";
  if (call) {
    const id = { id: "fc_1", call_id: CALL_IDS["openai-responses"] };
    return [{ type: "function_call", status, ...id, name: call.name, arguments: isDone ? JSON.stringify(call.input) : "" }];
  }
  return [{ id: "msg_1", type: "message", status, role: "assistant", content: isDone ? [{ type: "output_text", text, annotations: [], logprobs: [] }] : [] }];
}

function responseOf(status: string, output: readonly unknown[]): object {
  return {
    ...{ id: "resp_1", object: "response", created_at: 1_795_000_000, status, error: null, incomplete_details: null, instructions: null },
    ...{ metadata: {}, model: MODEL, output, parallel_tool_calls: true, temperature: 1, tool_choice: "auto", tools: [], top_p: 1 },
    usage: status !== "completed" ? null : { input_tokens: IN, input_tokens_details: { cached_tokens: 0 }, output_tokens: OUT, total_tokens: IN + OUT },
  };
}

const messages: Writer = {
  whole: ({ text, call }) => ({
    ...MESSAGE,
    content: [...(text === undefined ? [] : [{ type: "text", text }]), ...(call ? [{ type: "tool_use", id: CALL_IDS["anthropic-messages"], ...call }] : [])],
    stop_reason: call ? "tool_use" : "end_turn",
    usage: { input_tokens: IN, output_tokens: OUT },
  }),
  streamed: ({ text, call }) => {
    const block = call ? { type: "tool_use", id: CALL_IDS["anthropic-messages"], name: call.name, input: {} } : { type: "text", text: "" };
    const deltas = call
      ? halves(JSON.stringify(call.input)).map((json) => ({ type: "input_json_delta", partial_json: json }))
      : wordsOf(text ?? "").map((word) => ({ type: "text_delta", text: word }));
    return sse([
      named({ type: "message_start", ...{ message: { ...MESSAGE, content: [], usage: { input_tokens: IN, output_tokens: 1 } } } }),
      named({ type: "content_block_start", ...{ index: 0, content_block: block } }),
      named({ type: "ping" }),
      ...deltas.map((delta) => named({ type: "content_block_delta", ...{ index: 0, delta } })),
      named({ type: "content_block_stop", ...{ index: 0 } }),
      named({ type: "message_delta", ...{ delta: { stop_reason: call ? "tool_use" : "end_turn", stop_sequence: null }, usage: { output_tokens: OUT } } }),
      named({ type: "message_stop" }),
    ]);
  },
};

const MESSAGE = { id: "msg_01X", type: "message", role: "assistant", model: MODEL, stop_reason: null, stop_sequence: null } as const;

const google: Writer = {
  whole: (said) => googleChunk(partsOf(said), "STOP"),
  streamed: ({ text, call }) => {
    const parts = [...(text === undefined ? [] : wordsOf(text).map((word) => ({ text: word }))), ...(call ? partsOf({ call }) : [])];
    return sse(parts.map((part, i) => data(googleChunk([part], i === parts.length - 1 ? "STOP" : undefined))));
  },
};

function partsOf({ text, call }: Said): object[] {
  return [...(text === undefined ? [] : [{ text }]), ...(call ? [{ functionCall: { name: call.name, args: call.input } }] : [])];
}

function googleChunk(parts: readonly object[], finishReason: string | undefined): object {
  return {
    candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: { promptTokenCount: IN, candidatesTokenCount: OUT, totalTokenCount: IN + OUT },
    modelVersion: MODEL,
    responseId: "kX9",
  };
}

const converse: Writer = {
  whole: ({ text, call }) => ({
    output: {
      message: {
        role: "assistant",
        content: [...(text === undefined ? [] : [{ text }]), ...(call ? [{ toolUse: { toolUseId: CALL_IDS["bedrock-converse"], ...call } }] : [])],
      },
    },
    stopReason: call ? "tool_use" : "end_turn",
    usage: { inputTokens: IN, outputTokens: OUT, totalTokens: IN + OUT },
    metrics: { latencyMs: 5 },
  }),
  streamed: ({ text = "", call }) => {
    const at = { contentBlockIndex: 0 };
    const middle = call
      ? [
          frame("contentBlockStart", { ...at, start: { toolUse: { toolUseId: CALL_IDS["bedrock-converse"], name: call.name } } }),
          ...halves(JSON.stringify(call.input)).map((input) => frame("contentBlockDelta", { ...at, delta: { toolUse: { input } } })),
        ]
      : wordsOf(text).map((word) => frame("contentBlockDelta", { ...at, delta: { text: word } }));
    return {
      contentType: "application/vnd.amazon.eventstream",
      pieces: [
        frame("messageStart", { role: "assistant" }),
        ...middle,
        frame("contentBlockStop", at),
        frame("messageStop", { stopReason: call ? "tool_use" : "end_turn" }),
        frame("metadata", { usage: { inputTokens: IN, outputTokens: OUT, totalTokens: IN + OUT }, metrics: { latencyMs: 5 } }),
      ],
    };
  },
};

const FORMATS: Readonly<Record<VendorFormat, Writer>> = {
  "openai-chat": chat,
  "openai-responses": responses,
  "anthropic-messages": messages,
  "google-generate": google,
  "bedrock-converse": converse,
};
