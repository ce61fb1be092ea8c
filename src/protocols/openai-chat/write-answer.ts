import { isPiece, type StopReason, type Usage } from "../../chat/event.ts";
import { assertNever } from "../../kernel/errors.ts";
import { type AnswerBlock, answerOf } from "../answer-blocks.ts";
import { createLosses } from "../losses.ts";
import type { AnswerHead, AnswerWriter, Begun, GoodEvent } from "../server-protocol.ts";
import { DIALECT } from "./messages.ts";

const STOPS: Readonly<Record<StopReason, string>> = {
  end: "stop",
  length: "length",
  tool_calls: "tool_calls",
  stop_sequence: "stop",
  content_filter: "content_filter",
  refusal: "content_filter",
  window: "length",
  pause: "stop",
  other: "stop",
  unstated: "stop",
};

/** Chunks, or a whole answer. Reasoning goes as `reasoning_content`, which most clients know; what is signed goes without its signature. */
export function createWriter(head: AnswerHead, begun?: Begun): AnswerWriter {
  const losses = createLosses();
  const calls = new Map<number, number>();
  const told = new Set<string>();
  const id = begun?.id ?? `chatcmpl-${head.id}`;
  let isOpen = begun !== undefined;
  let usage: Usage = {};

  const chunk = (delta: object, finish: string | null = null): string => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish };
    return sse({ id, object: "chat.completion.chunk", created: head.createdSeconds, model: head.model, choices: [choice] });
  };
  const opening = (): string => {
    if (isOpen) return "";
    isOpen = true;
    return chunk({ role: "assistant", content: "" });
  };
  const usageChunk = (): string =>
    head.wantsUsage ? sse({ id, object: "chat.completion.chunk", created: head.createdSeconds, model: head.model, choices: [], usage: writeUsage(usage) }) : "";

  /** Once for a block, which may come in hundreds of pieces. */
  const lost = (block: number, why: string): void => {
    if (!told.has(`${block} ${why}`)) losses.lost(`answer[${block}]`, why);
    told.add(`${block} ${why}`);
  };

  const event = (said: GoodEvent): string => {
    if (said.kind === "usage") usage = { ...usage, ...said.usage };
    if (said.kind === "start" || said.kind === "usage") return "";
    if (said.kind === "done") return `${opening()}${chunk({}, STOPS[said.stop])}${usageChunk()}data: [DONE]\n\n`;
    const delta = isPiece(said) ? deltaOf(said, calls, (why) => lost(said.block, why)) : undefined;
    return delta === undefined ? "" : opening() + chunk(delta);
  };

  return {
    event,
    whole: (events) => {
      const answer = answerOf(events);
      const message = writeMessage(answer.blocks, (why, i) => losses.lost(`answer[${i}]`, why));
      const choice = { index: 0, message, logprobs: null, finish_reason: STOPS[answer.stop] };
      const body = { id, object: "chat.completion", created: head.createdSeconds, model: head.model, choices: [choice] };
      return Object.keys(answer.usage).length === 0 ? body : { ...body, usage: writeUsage(answer.usage) };
    },
    losses: losses.all,
  };
}

function sse(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

type Piece = Extract<GoodEvent, { readonly block: number }>;

const NO_SUCH_PART = "the format has no such part of an answer";

function deltaOf(piece: Piece, calls: Map<number, number>, lost: (why: string) => void): object | undefined {
  switch (piece.kind) {
    case "text":
      return { content: piece.text };
    case "thinking":
      return { reasoning_content: piece.text };
    case "refusal":
      return { refusal: piece.text };
    case "tool_call":
      calls.set(piece.block, calls.size);
      return { tool_calls: [{ index: calls.get(piece.block), id: piece.id, type: "function", function: { name: piece.name, arguments: "" } }] };
    case "tool_arguments": {
      const index = calls.get(piece.block);
      if (index === undefined) lost(NO_SUCH_PART);
      return index === undefined ? undefined : { tool_calls: [{ index, function: { arguments: piece.json } }] };
    }
    case "audio":
      return { audio: { data: piece.base64 } };
    case "signature":
      lost("the format has no place for what proves reasoning");
      return undefined;
    case "image":
    case "vendor":
      lost(NO_SUCH_PART);
      return undefined;
    default:
      return assertNever(piece);
  }
}

function writeMessage(blocks: readonly AnswerBlock[], lost: (why: string, block: number) => void): object {
  const text = (kind: "text" | "thinking" | "refusal"): string => blocks.map((block) => (block.kind === kind ? block.text : "")).join("");
  const calls = blocks.filter((block) => block.kind === "tool_call");
  for (const [i, block] of blocks.entries()) {
    if ("signature" in block && block.signature !== undefined) lost("the format has no place for what proves reasoning", i);
    if (block.kind === "image" || (block.kind === "vendor" && block.dialect !== DIALECT)) lost(NO_SUCH_PART, i);
  }
  const [thinking, said, refusal] = [text("thinking"), text("text"), text("refusal")];
  const audio = blocks.map((block) => (block.kind === "audio" ? block.base64 : "")).join("");
  return {
    role: "assistant",
    content: said === "" && (calls.length > 0 || refusal !== "") ? null : said,
    refusal: refusal === "" ? null : refusal,
    ...(thinking === "" ? {} : { reasoning_content: thinking }),
    ...(audio === "" ? {} : { audio: { data: audio } }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ id, name, json }) => ({ id, type: "function", function: { name, arguments: json || "{}" } })) }),
  };
}

function writeUsage({ inputTokens = 0, outputTokens = 0, cacheReadTokens, cacheWriteTokens, reasoningTokens }: Usage): object {
  const prompt = {
    ...(cacheReadTokens === undefined ? {} : { cached_tokens: cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cache_write_tokens: cacheWriteTokens }),
  };
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(Object.keys(prompt).length === 0 ? {} : { prompt_tokens_details: prompt }),
    ...(reasoningTokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}
