import { type ChatEnd, type ChatEvent, isPiece, type StopReason } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { CUT, UNREADABLE } from "./body.ts";

/** What a part of an answer says, as the reader of its format understood it. */
export type Said =
  | Exclude<ChatEvent, ChatEnd>
  | { readonly kind: "stop"; readonly stop: StopReason; readonly stopSequence?: string }
  /** Nothing of the answer follows. */
  | { readonly kind: "last" }
  /** An error inside the answer, as it stands there. */
  | { readonly kind: "error"; readonly body: unknown };

/** Reads one answer; it remembers what the earlier parts said. */
export interface AnswerReader {
  /** One event of a stream. Empty for what says nothing, and for what is not known. */
  readonly event: (value: unknown, name: string) => readonly Said[];
  /** A whole answer. Empty when it is none. */
  readonly whole: (value: unknown) => readonly Said[];
}

/** The answer has begun. Empty names are none. */
export function started(id: string | undefined, model: string | undefined): Said {
  return { kind: "start", ...(id === undefined || id === "" ? {} : { id }), ...(model === undefined || model === "" ? {} : { model }) };
}

/** How the bytes ended. */
export interface Ending {
  readonly shape: "stream" | "whole";
  readonly trouble: UpstreamFailure | undefined;
  readonly droppedCount: number;
}

const EMPTY: UpstreamFailure = { reason: "unknown", detail: "empty", rule: "answer/empty" };
const FILTERED: UpstreamFailure = { reason: "content_filter", detail: "answer", rule: "answer/filtered" };

/** Passes on what is said and decides, at the end, what became of the answer. */
export function createFold(classify: (body: unknown) => UpstreamFailure) {
  let stop: { readonly stop: StopReason; readonly stopSequence?: string } | undefined;
  let failure: UpstreamFailure | undefined;
  let isOver = false;
  let isEmpty = true;
  let saidCount = 0;

  return {
    /** Nothing that follows belongs to the answer. */
    get isOver() {
      return isOver;
    },
    get saidCount() {
      return saidCount;
    },
    accept(said: Said): ChatEvent | undefined {
      saidCount++;
      if (said.kind === "stop") {
        const { kind: _, ...named } = said;
        stop = named;
      } else if (said.kind === "error") {
        failure = classify(said.body);
        isOver = true;
      } else if (said.kind === "last") isOver = true;
      else {
        if (isPiece(said)) isEmpty = false;
        return said;
      }
      return undefined;
    },
    /** A reason to stop makes an answer complete, whatever becomes of the connection after it. Without one a stream was cut. */
    end({ shape, trouble, droppedCount }: Ending): ChatEnd {
      const failed = (why: UpstreamFailure): ChatEnd => ({ kind: "failed", failure: why, droppedCount });
      if (failure !== undefined) return failed(failure);
      if (stop === undefined && trouble !== undefined) return failed(trouble);
      if (saidCount === 0) return failed(shape === "whole" || droppedCount > 0 ? UNREADABLE : EMPTY);
      if (stop === undefined && shape === "stream") return failed(CUT);
      const { stop: reason, stopSequence } = stop ?? { stop: "unstated" };
      if (isEmpty && (reason === "content_filter" || reason === "refusal")) return failed(FILTERED);
      return { kind: "done", stop: reason, ...(stopSequence === undefined ? {} : { stopSequence }), isEmpty, droppedCount };
    },
  };
}
