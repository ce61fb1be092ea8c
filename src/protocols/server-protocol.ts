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
  /** `begun`: nothing is written that the stream has already, and its names and numbers go on. */
  readonly createWriter: (head: AnswerHead, begun?: Begun) => AnswerWriter;
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

/** Where a stream stands that somebody else began with text, for a writer that goes on behind it: that text is its block 0. */
export interface Begun {
  /** As the stream says them. */
  readonly id: string;
  readonly model: string;
  readonly createdSeconds: number;
  /** All text so far. */
  readonly text: string;
  /** The number of the last block there, -1 where there is none, and whether it is a text that more can be added to. */
  readonly block: number;
  readonly isOpen: boolean;
  /** For formats that number their events and name the parts of an answer. */
  readonly lastEvent: number;
  readonly itemId: string;
  readonly announced: Readonly<Record<string, unknown>>;
}

/** Whoever gives the answer back says that it failed: he knows whether anybody goes on with it, and what may be told. */
export type GoodEvent = Exclude<ChatEvent, { readonly kind: "failed" }>;

/** Writes one answer; it remembers what went before. */
export interface AnswerWriter {
  /** The text of a stream that says this event: whole server-sent events, or none yet. After `done` the stream is at its end. */
  readonly event: (event: GoodEvent) => string;
  /** The same answer as one document. `events` hold no `failed`. */
  readonly whole: (events: readonly ChatEvent[]) => Readonly<Record<string, unknown>>;
  /** What the format could not say so far. */
  readonly losses: readonly Loss[];
}
