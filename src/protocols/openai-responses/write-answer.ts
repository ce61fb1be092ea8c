import { isPiece, type StopReason, type Usage } from "../../chat/event.ts";
import { assertNever } from "../../kernel/errors.ts";
import { type AnswerBlock, answerOf } from "../answer-blocks.ts";
import { createLosses } from "../losses.ts";
import type { AnswerHead, AnswerWriter, Begun, GoodEvent } from "../server-protocol.ts";
import { type Lost, Output } from "./output.ts";

/** Events with a number each, or a whole response. */
export function createWriter(head: AnswerHead, begun?: Begun): AnswerWriter {
  const losses = createLosses();
  const lost: Lost = (field, why) => losses.lost(field, why);
  let number = (begun?.lastEvent ?? -1) + 1;
  const sse = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`;
  const output = new Output(head.id, sse, lost, begun);
  let usage: Usage = {};
  let isStarted = begun !== undefined;

  const opening = (): string => {
    if (isStarted) return "";
    isStarted = true;
    const response = responseOf(head, { status: "in_progress", output: [] });
    return sse("response.created", { response }) + sse("response.in_progress", { response });
  };

  const event = (said: GoodEvent): string => {
    if (said.kind === "usage") usage = { ...usage, ...said.usage };
    if (said.kind === "start" || said.kind === "usage") return "";
    if (said.kind !== "done") return isPiece(said) ? opening() + output.piece(said) : "";
    const { status, why } = endOf(said.stop);
    const closed = opening() + output.close(status);
    const fields = { status, output: output.items, usage: writeUsage(usage) };
    const response = { ...responseOf(head, fields), ...begun?.announced, ...fields, ...why };
    return closed + sse(status === "completed" ? "response.completed" : "response.incomplete", { response });
  };

  return {
    event,
    whole: (events) => {
      const answer = answerOf(events);
      const { status, why } = endOf(answer.stop);
      const items = answer.blocks.flatMap((block, i) =>
        wholeItem(block, { id: `${head.id}_${i}`, status: i === answer.blocks.length - 1 ? status : "completed" }, lost),
      );
      return { ...responseOf(head, { status, output: items, usage: writeUsage(answer.usage) }), ...why };
    },
    losses: losses.all,
  };
}

function responseOf(
  { id, model, createdSeconds }: AnswerHead,
  more: { readonly status: string; readonly output: readonly object[]; readonly usage?: object },
): Record<string, unknown> {
  const { status, output, usage } = more;
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: createdSeconds,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: "auto",
    tools: [],
    top_p: null,
    usage,
  };
}

function endOf(stop: StopReason): { readonly status: "completed" | "incomplete"; readonly why: object } {
  const incomplete = (reason: string) => ({ status: "incomplete", why: { incomplete_details: { reason } } }) as const;
  if (stop === "length" || stop === "window") return incomplete("max_output_tokens");
  if (stop === "content_filter" || stop === "refusal") return incomplete("content_filter");
  return { status: "completed", why: {} };
}

function wholeItem(block: AnswerBlock, { id, status }: { readonly id: string; readonly status: "completed" | "incomplete" }, lost: Lost): object[] {
  const output = new Output(id, () => "", lost);
  for (const piece of piecesOf(block)) output.piece(piece);
  output.close(status);
  return output.items;
}

type Piece = Extract<GoodEvent, { readonly block: number }>;

function piecesOf(block: AnswerBlock): Piece[] {
  const signature: Piece[] = "signature" in block && block.signature !== undefined ? [{ kind: "signature", block: 0, signature: block.signature }] : [];
  switch (block.kind) {
    case "text":
    case "thinking":
    case "refusal":
      return [{ kind: block.kind, block: 0, text: block.text }, ...signature];
    case "tool_call":
      return [{ kind: "tool_call", block: 0, id: block.id, name: block.name }, { kind: "tool_arguments", block: 0, json: block.json || "{}" }, ...signature];
    case "image":
      return [{ kind: "image", block: 0, mediaType: block.mediaType, base64: block.base64 }];
    case "audio":
      return [{ kind: "audio", block: 0, base64: block.base64 }];
    case "vendor":
      return [{ kind: "vendor", block: 0, dialect: block.dialect, value: block.value }];
    default:
      return assertNever(block);
  }
}

function writeUsage({ inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, reasoningTokens = 0, cacheWriteTokens = 0 }: Usage): object {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
