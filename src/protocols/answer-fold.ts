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
export function createFold(classify: (body: unknown) => UpstreamFailure): Fold {
  return new Fold(classify);
}

/** A class: an object with getters of its own is slow to make, and there is one for every answer. */
class Fold {
  readonly #classify: (body: unknown) => UpstreamFailure;
  #stop: { readonly stop: StopReason; readonly stopSequence?: string } | undefined;
  #failure: UpstreamFailure | undefined;
  #isEmpty = true;
  /** Nothing that follows belongs to the answer. */
  isOver = false;
  saidCount = 0;

  constructor(classify: (body: unknown) => UpstreamFailure) {
    this.#classify = classify;
  }

  accept(said: Said): ChatEvent | undefined {
    this.saidCount++;
    if (said.kind === "stop") {
      const { kind: _, ...named } = said;
      this.#stop = named;
    } else if (said.kind === "error") {
      this.#failure = this.#classify(said.body);
      this.isOver = true;
    } else if (said.kind === "last") this.isOver = true;
    else {
      if (isPiece(said)) this.#isEmpty = false;
      return said;
    }
    return undefined;
  }

  /** A reason to stop makes an answer complete, whatever becomes of the connection after it. Without one a stream was cut. */
  end({ shape, trouble, droppedCount }: Ending): ChatEnd {
    const failed = (why: UpstreamFailure): ChatEnd => ({ kind: "failed", failure: why, droppedCount });
    if (this.#failure !== undefined) return failed(this.#failure);
    if (this.#stop === undefined && trouble !== undefined) return failed(trouble);
    if (this.saidCount === 0) return failed(shape === "whole" || droppedCount > 0 ? UNREADABLE : EMPTY);
    if (this.#stop === undefined && shape === "stream") return failed(CUT);
    const { stop: reason, stopSequence } = this.#stop ?? { stop: "unstated" };
    if (this.#isEmpty && (reason === "content_filter" || reason === "refusal")) return failed(FILTERED);
    return { kind: "done", stop: reason, ...(stopSequence === undefined ? {} : { stopSequence }), isEmpty: this.#isEmpty, droppedCount };
  }
}
