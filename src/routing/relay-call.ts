import type { Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Answered, Call } from "./attempt.ts";
import type { Follower } from "./continue-follow.ts";
import type { SignatureEvent } from "./signed-collector.ts";
import type { Candidate } from "./failover-plan.ts";
import type { Refusal } from "./run-types.ts";
import type { WholeKind } from "./whole-answer.ts";

/** A call whose answer's bytes go to a client of the same format as they are. */
export interface RelayCall extends Call {
  /** What the client waits for. */
  readonly awaits: "stream" | WholeKind;
  /** From the request to the first content of a stream; from the headers to the beginning of an answer in one piece. */
  readonly firstTokenMs: number;
  /** Of a whole answer: what is longer is passed on while it comes, and can no longer be left for another candidate. */
  readonly bufferBytes: number;
  readonly after: (ms: number, act: () => void) => () => void;
  readonly ends: StreamEnds;
  /** What the answer signs, as it goes by. */
  readonly onSigned?: (signed: SignatureEvent) => void;
  /** Reads along, of a stream that is to be gone on with where it breaks off. */
  readonly follower?: Follower;
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
  /** What of the answer nobody counted: figures that are an estimate of ours. */
  readonly estimated?: string;
  /** Has read all that was handed over of the stream. Absent where nobody read along. */
  readonly follower?: Follower;
  /** How it went, once the last byte was handed over, or nobody wants it any more. Known at once of an answer in one piece. */
  readonly over: Soon<RelayEnd>;
}

/** `cut`: the client has a part of the answer and an error. */
export interface RelayEnd {
  readonly kind: "answered" | "cut" | "cancelled";
  readonly failure?: UpstreamFailure;
  readonly usage: Usage;
  /** Events of the stream that could not be read and were left out, whoever spoke. */
  readonly droppedCount: number;
  /** Absent where the first who spoke was to go on by itself. */
  readonly takenOver?: TakenOver;
}

/** What became of a stream that broke off and was to be gone on with. */
export interface TakenOver {
  /** Who spoke last; `usage` is this one's. */
  readonly candidate: Candidate;
  readonly attempts: number;
  /** All others who were asked for this request, those that broke off among them. */
  readonly refusals: readonly Refusal[];
  /** What those that broke off had counted. */
  readonly before: readonly { readonly candidate: Candidate; readonly usage: Usage }[];
}
