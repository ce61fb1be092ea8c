import type { Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Answered, Call } from "./attempt.ts";
import type { WholeKind } from "./whole-answer.ts";

/** A call whose answer's bytes go to a client of the same format as they are. */
export interface RelayCall extends Call {
  /** What the client waits for. */
  readonly awaits: "stream" | WholeKind;
  /** From the last byte sent to the first content of a stream. */
  readonly firstTokenMs: number;
  /** Of a whole answer: what is longer is passed on while it comes, and can no longer be left for another candidate. */
  readonly bufferBytes: number;
  readonly after: (ms: number, act: () => void) => () => void;
  readonly ends: StreamEnds;
}

/** What is written at the end of a stream that did not end by itself, in the client's format. */
export interface StreamEnds {
  readonly error: (failure: UpstreamFailure) => Uint8Array;
  /** For an answer that is complete although the vendor's own mark of the end is missing. */
  readonly last: Uint8Array;
}

export interface Relayed {
  readonly response: Answered;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Fields of the request, and of an answer in one piece, that the other format could not say. Absent where nothing was translated. */
  readonly lost?: readonly string[];
  /** How it went; resolves when the last byte was handed over, or nobody wants it any more. */
  readonly over: Promise<RelayEnd>;
}

/** `cut`: the client has a part of the answer and an error. */
export interface RelayEnd {
  readonly kind: "answered" | "cut" | "cancelled";
  readonly failure?: UpstreamFailure;
  readonly usage: Usage;
  /** Events of the stream that could not be read and were left out. */
  readonly droppedCount: number;
}
