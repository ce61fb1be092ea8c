import { isPiece, type StopReason, type Usage } from "../../chat/event.ts";
import { assertNever } from "../../kernel/errors.ts";
import { type AnswerBlock, answerOf } from "../answer-blocks.ts";
import { carriedHead, isCarriable } from "../carried-signature.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { parseExact } from "../exact-json.ts";
import { createLosses } from "../losses.ts";
import type { AnswerHead, AnswerWriter, Begun, GoodEvent } from "../server-protocol.ts";
import { DIALECT } from "./messages.ts";
import { createOpenBlock, createQueue, type OpenBlock, type Piece, sse } from "./open-block.ts";

const STOPS: Readonly<Record<StopReason, string>> = {
  end: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  stop_sequence: "stop_sequence",
  content_filter: "refusal",
  refusal: "refusal",
  window: "model_context_window_exceeded",
  pause: "pause_turn",
  other: "end_turn",
  unstated: "end_turn",
};

/** `kinds`: of the blocks. Other formats have a part for a refusal, and stop as ever. */
function stopped(stop: StopReason, stopSequence: string | undefined, kinds: Iterable<string>): object {
  const isRefused = stop === "end" && [...kinds].includes("refusal");
  return { stop_reason: STOPS[isRefused ? "refusal" : stop], stop_sequence: stopSequence ?? null };
}

function ended(delta: object, usage: Usage): string {
  return sse({ type: "message_delta", delta, usage: writeCounts(usage) }) + sse({ type: "message_stop" });
}

type Lost = (field: string, why: string) => void;

const NO_SUCH_PART = "the format has no such part of an answer";
const EMPTY_THINKING = { type: "thinking", thinking: "", signature: "" };
const NOT_ITS_OWN = "a signature is of worth only to who made it";

/** Blocks open and close one after the other there: what belongs to another one waits until the arguments of a call are whole. */
export function createWriter(head: AnswerHead, begun?: Begun): AnswerWriter {
  const losses = createLosses();
  const lost: Lost = (field, why) => losses.lost(field, why);
  const message = { id: `msg_${head.id}`, type: "message", role: "assistant", model: head.model, ...NOTHING_OF_IT };
  const open = createOpenBlock(begun);
  const waiting = createQueue(open);
  let usage: Usage = {};
  let isStarted = begun !== undefined;

  const opening = (): string => {
    if (isStarted) return "";
    isStarted = true;
    const start = { ...message, content: [], stop_reason: null, stop_sequence: null, usage: writeUsage(usage) };
    return sse({ type: "message_start", message: start });
  };
  const hands: Hands = { open, lost, carried: new Set(), kinds: new Map() };
  const write = (piece: Piece): string => writePiece(piece, hands);
  const ending = (stop: StopReason, stopSequence: string | undefined): string => {
    const rest = waiting.all().map(write).join("") + open.close();
    return rest + ended({ ...NOT_SAID, ...stopped(stop, stopSequence, hands.kinds.values()) }, usage);
  };

  const event = (said: GoodEvent): string => {
    if (said.kind === "usage") usage = { ...usage, ...said.usage };
    if (said.kind === "start" || said.kind === "usage") return "";
    if (said.kind === "done") return opening() + ending(said.stop, said.stopSequence);
    if (!isPiece(said)) return "";
    let text = waiting.next(said).map(write).join("");
    for (const piece of waiting.released()) text += write(piece);
    return text === "" ? "" : opening() + text;
  };

  return {
    event,
    whole: (events) => {
      const { blocks, stop, stopSequence, usage: counted } = answerOf(events);
      const content = blocks.flatMap((block, i) => writeBlock(block, (why) => lost(`answer[${i}]`, why)));
      const kinds = blocks.map(({ kind }) => kind);
      return { ...message, content, ...stopped(stop, stopSequence, kinds), usage: writeUsage(counted) };
    },
    losses: losses.all,
  };
}

interface Hands {
  readonly open: OpenBlock;
  readonly lost: Lost;
  /** Blocks whose signature is another format's, and has begun. */
  readonly carried: Set<number>;
  /** Of a block, what it began as. */
  readonly kinds: Map<number, string>;
}

function writePiece(piece: Piece, hands: Hands): string {
  const { open, lost } = hands;
  const field = `answer[${piece.block}]`;
  if (!hands.kinds.has(piece.block)) hands.kinds.set(piece.block, piece.kind === "signature" ? "thinking" : piece.kind);
  switch (piece.kind) {
    case "text":
    case "refusal":
      return open.at(piece.block, "text", { type: "text", text: "" }) + open.delta({ type: "text_delta", text: piece.text });
    case "thinking":
      return open.at(piece.block, "thinking", EMPTY_THINKING) + open.delta({ type: "thinking_delta", thinking: piece.text });
    case "signature":
      return writeSignature(piece, hands);
    case "tool_call":
      return open.at(piece.block, "tool_use", { type: "tool_use", id: piece.id, name: piece.name, input: {} });
    case "tool_arguments":
      if (open.isAt(piece.block)) return open.arguments(piece.json);
      lost(field, "arguments go on after they were whole");
      return "";
    case "vendor":
      if (piece.dialect === DIALECT) return open.isAt(piece.block) ? open.delta(piece.value as object) : open.at(piece.block, "vendor", piece.value as object);
      lost(field, NO_SUCH_PART);
      return "";
    case "image":
    case "audio":
      lost(field, NO_SUCH_PART);
      return "";
    default:
      return assertNever(piece);
  }
}

function writeSignature({ block, signature }: Extract<Piece, { kind: "signature" }>, { open, lost, carried, kinds }: Hands): string {
  if (signature.dialect !== DIALECT && !isCarriable(signature, kinds.get(block))) {
    lost(`answer[${block}]`, NOT_ITS_OWN);
    return "";
  }
  if (signature.dialect !== DIALECT) {
    const head = carried.has(block) ? "" : carriedHead(signature);
    carried.add(block);
    return open.at(block, "thinking", EMPTY_THINKING) + open.delta({ type: "signature_delta", signature: `${head}${signature.value}` });
  }
  if (signature.isHidden === true) return open.at(block, "redacted", { type: "redacted_thinking", data: signature.value });
  const before = open.isAt(block) ? "" : open.at(block, "thinking", EMPTY_THINKING);
  return before + open.delta({ type: "signature_delta", signature: signature.value });
}

function writeBlock(block: AnswerBlock, lost: (why: string) => void): object[] {
  const signature = "signature" in block ? block.signature : undefined;
  const own = signature?.dialect === DIALECT ? signature : undefined;
  const other = own === undefined ? signature : undefined;
  const carried = other !== undefined && isCarriable(other, block.kind) ? `${carriedHead(other)}${other.value}` : undefined;
  if (other !== undefined && carried === undefined) lost(NOT_ITS_OWN);
  switch (block.kind) {
    case "text":
    case "refusal":
      return [{ type: "text", text: block.text }];
    case "thinking":
      if (own?.isHidden === true) return [{ type: "redacted_thinking", data: own.value }];
      return [{ type: "thinking", thinking: block.text, signature: own?.value ?? carried ?? "" }];
    case "tool_call": {
      const input = objectAt(parseExact(block.json));
      if (input === undefined && block.json !== "") lost("its arguments are no whole JSON object");
      const call = { type: "tool_use", id: block.id, name: block.name, input: input ?? {} };
      return carried === undefined ? [call] : [call, { ...EMPTY_THINKING, signature: carried }];
    }
    case "vendor":
      if (block.dialect === DIALECT) return [block.value as object];
      lost(NO_SUCH_PART);
      return [];
    case "image":
    case "audio":
      lost(NO_SUCH_PART);
      return [];
    default:
      return assertNever(block);
  }
}

/** The vendor's own fields, which its clients may look for. Others than the vendor know nothing of them. */
const NOT_SAID = { container: null, stop_details: null };
const NOTHING_OF_IT = { ...NOT_SAID, diagnostics: null };

function writeUsage(usage: Usage): object {
  return { ...writeCounts(usage), cache_creation: null, inference_geo: null, service_tier: null, speed: null };
}

/** `input_tokens` there are those that had nothing to do with a cache. */
function writeCounts({ inputTokens = 0, outputTokens = 0, cacheReadTokens, cacheWriteTokens, reasoningTokens }: Usage): object {
  return {
    input_tokens: Math.max(0, inputTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0)),
    output_tokens: outputTokens,
    cache_read_input_tokens: cacheReadTokens ?? null,
    cache_creation_input_tokens: cacheWriteTokens ?? null,
    output_tokens_details: reasoningTokens === undefined ? null : { thinking_tokens: reasoningTokens },
    server_tool_use: null,
  };
}
