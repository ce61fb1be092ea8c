import type { ChatEvent } from "../chat/event.ts";
import type { ChatRequest } from "../chat/request.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Loss } from "./protocol.ts";

/** The formats in which somebody may call us. */
export type ServedDialect = Extract<ProtocolId, "openai-chat" | "openai-responses" | "anthropic-messages">;

/** A wire format, server side. All of it is pure. */
export interface ServerProtocol {
  readonly id: ServedDialect;
  /** What a caller asks, in the one language. What that has no word for is in `chat.extras` of this dialect: nothing is dropped. */
  readonly readRequest: (body: unknown) => RequestReading;
  readonly createWriter: (head: AnswerHead) => AnswerWriter;
}

export type RequestReading =
  | {
      readonly kind: "request";
      /** The caller's own word for the model. */
      readonly model: string;
      readonly chat: ChatRequest;
      /** A stream tells its usage at the end only where the caller asks for it. */
      readonly wantsUsage: boolean;
      /** What the one language has no place for, not even as an extra of the dialect. */
      readonly losses: readonly Loss[];
    }
  /** `field` as the caller wrote it: "messages[2].content". `why` is a sentence's end. */
  | { readonly kind: "wrong"; readonly field: string; readonly why: string };

/** What an answer says of itself. */
export interface AnswerHead {
  /** Without the format's prefix. */
  readonly id: string;
  /** The model that answers: "provider/model". */
  readonly model: string;
  /** Seconds since 1970. */
  readonly createdSeconds: number;
  readonly wantsUsage: boolean;
}

/** Writes one answer; it remembers what went before. */
export interface AnswerWriter {
  /** The text of a stream that says this event: whole server-sent events, or none yet. After `done` or `failed` the stream is at its end. */
  readonly event: (event: ChatEvent) => string;
  /** The same answer as one document. `events` hold no `failed`. */
  readonly whole: (events: readonly ChatEvent[]) => Readonly<Record<string, unknown>>;
  /** What the format could not say so far. */
  readonly losses: readonly Loss[];
}
