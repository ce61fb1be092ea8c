import { assertNever } from "../kernel/errors.ts";
import type { UpstreamFailure } from "./failure.ts";
import type { Signature } from "./request.ts";

/**
 * What an answer is made of, streamed or not: any number of `start`, pieces and `usage`, and at the end exactly one `done` or `failed`.
 * Blocks are counted from 0 in the order of their first piece; pieces of several blocks may alternate.
 */
export type ChatEvent =
  | {
      readonly kind: "start";
      /** The vendor's id of the answer. */
      readonly id?: string;
      /** The model that answers, as the vendor calls it. */
      readonly model?: string;
    }
  | ChatPiece
  | { readonly kind: "usage"; readonly usage: Usage }
  | ChatEnd;

/** A piece of the answer. `text`, `thinking`, `refusal`: the next characters of a block. */
export type ChatPiece =
  | { readonly kind: "text" | "thinking" | "refusal"; readonly block: number; readonly text: string }
  /** Belongs to the block: it may come at any time, once or in parts. */
  | { readonly kind: "signature"; readonly block: number; readonly signature: Signature }
  | { readonly kind: "tool_call"; readonly block: number; readonly id: string; readonly name: string }
  /** The next characters of the arguments' JSON text. */
  | { readonly kind: "tool_arguments"; readonly block: number; readonly json: string }
  | { readonly kind: "image"; readonly block: number; readonly mediaType: string; readonly base64: string }
  | { readonly kind: "audio"; readonly block: number; readonly base64: string }
  /** What one dialect alone knows, as it stands there. */
  | { readonly kind: "vendor"; readonly block: number; readonly dialect: string; readonly value: unknown };

export type ChatEnd =
  | {
      readonly kind: "done";
      readonly stop: StopReason;
      /** The sequence that ended it, for `stop_sequence`. */
      readonly stopSequence?: string;
      /** Nothing was said: no text, reasoning, call or medium. */
      readonly isEmpty: boolean;
      /** Events of the stream that could not be read and were left out. */
      readonly droppedCount: number;
    }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure; readonly droppedCount: number };

/** `unstated`: the answer came whole and names no reason. `window`: the model's context is full. `pause`: the vendor waits to be asked to go on. */
export type StopReason = "end" | "length" | "tool_calls" | "stop_sequence" | "content_filter" | "refusal" | "window" | "pause" | "other" | "unstated";

/** Tokens, as the vendor counted them; a figure that it does not give is absent. A later `usage` replaces the figures that it gives. */
export interface Usage {
  /** All of the request: read from a cache, written to one, or neither. */
  readonly inputTokens?: number;
  /** All of the answer, its reasoning included. */
  readonly outputTokens?: number;
  /** Of the input: read from a cache. */
  readonly cacheReadTokens?: number;
  /** Of the input: written to a cache. */
  readonly cacheWriteTokens?: number;
  /** Of the output: reasoning. */
  readonly reasoningTokens?: number;
}

/** From the first of these on the answer has begun: before it another candidate may still take over unseen. */
export function isPiece(event: ChatEvent): event is ChatPiece {
  switch (event.kind) {
    case "start":
    case "usage":
    case "done":
    case "failed":
      return false;
    case "text":
    case "thinking":
    case "refusal":
      return event.text !== "";
    case "signature":
    case "tool_call":
    case "tool_arguments":
    case "image":
    case "audio":
    case "vendor":
      return true;
    default:
      return assertNever(event);
  }
}
