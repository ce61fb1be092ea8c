import type { ChatEvent, StopReason, Usage } from "../chat/event.ts";
import type { Signature } from "../chat/request.ts";
import { assertNever } from "../kernel/errors.ts";

/** A whole part of an answer. */
export type AnswerBlock =
  | { readonly kind: "text" | "thinking" | "refusal"; text: string; signature?: Signature }
  | { readonly kind: "tool_call"; readonly id: string; readonly name: string; json: string; signature?: Signature }
  | { readonly kind: "image"; readonly mediaType: string; base64: string }
  | { readonly kind: "audio"; base64: string }
  | { readonly kind: "vendor"; readonly dialect: string; readonly value: unknown };

/** A whole answer. */
export interface Answer {
  readonly blocks: readonly AnswerBlock[];
  readonly stop: StopReason;
  readonly stopSequence?: string;
  readonly usage: Usage;
}

/** What the events say, put together. Arguments of a call that has none are an empty object. */
export function answerOf(events: readonly ChatEvent[]): Answer {
  const blocks = new Map<number, AnswerBlock>();
  let stop: StopReason = "unstated";
  let stopSequence: string | undefined;
  let usage: Usage = {};
  for (const event of events) {
    if (event.kind === "usage") usage = { ...usage, ...event.usage };
    else if (event.kind === "done") [stop, stopSequence] = [event.stop, event.stopSequence];
    else if (event.kind !== "start" && event.kind !== "failed") addPiece(event, blocks);
  }
  return { blocks: [...blocks.values()], stop, ...(stopSequence === undefined ? {} : { stopSequence }), usage };
}

type Piece = Exclude<ChatEvent, { kind: "start" | "usage" | "done" | "failed" }>;

function addPiece(piece: Piece, blocks: Map<number, AnswerBlock>): void {
  const block = blocks.get(piece.block);
  switch (piece.kind) {
    case "text":
    case "thinking":
    case "refusal":
      if (block?.kind === piece.kind) block.text += piece.text;
      else blocks.set(piece.block, { kind: piece.kind, text: piece.text });
      break;
    case "signature":
      if (block !== undefined && "text" in block) block.signature = signed(block.signature, piece.signature);
      else if (block?.kind === "tool_call") block.signature = signed(block.signature, piece.signature);
      else blocks.set(piece.block, { kind: "thinking", text: "", signature: piece.signature });
      break;
    case "tool_call":
      blocks.set(piece.block, { kind: "tool_call", id: piece.id, name: piece.name, json: "" });
      break;
    case "tool_arguments":
      if (block?.kind === "tool_call") block.json += piece.json;
      break;
    case "image":
      blocks.set(piece.block, { kind: "image", mediaType: piece.mediaType, base64: piece.base64 });
      break;
    case "audio":
      if (block?.kind === "audio") block.base64 += piece.base64;
      else blocks.set(piece.block, { kind: "audio", base64: piece.base64 });
      break;
    case "vendor":
      // What is added to a block that has begun is no part of its own.
      if (block === undefined) blocks.set(piece.block, { kind: "vendor", dialect: piece.dialect, value: piece.value });
      break;
    default:
      assertNever(piece);
  }
}

/** A signature may come in parts. */
function signed(before: Signature | undefined, more: Signature): Signature {
  return before === undefined ? more : { ...before, ...more, value: before.value + more.value };
}
