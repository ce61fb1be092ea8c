import { type ChatEnd, isPiece, type Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { createReader as anthropicReader } from "../protocols/anthropic-messages/answer.ts";
import { DONE } from "../protocols/answer.ts";
import { type AnswerReader, createFold, type Said } from "../protocols/answer-fold.ts";
import { TOO_LARGE } from "../protocols/body.ts";
import { isErrorBody } from "../protocols/error-body.ts";
import { parseJson } from "../kernel/json-value.ts";
import { createReader as chatReader } from "../protocols/openai-chat/answer.ts";
import { createReader as responsesReader } from "../protocols/openai-responses/answer.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { SignatureEvent } from "./signed-collector.ts";
import { type CutEvents, createEventCutter, type EventCutter } from "./sse-cutter.ts";

/** Formats whose streams are server-sent events. */
const READERS: Readonly<Partial<Record<ProtocolId, () => AnswerReader>>> = {
  "openai-chat": chatReader,
  "openai-responses": responsesReader,
  "anthropic-messages": anthropicReader,
};

export function readerOf(protocol: ProtocolId): AnswerReader | undefined {
  return READERS[protocol]?.();
}

/** Looks at a stream that goes by: what may be passed on, when the answer begins, and how it ended. */
export interface StreamTap {
  /** The same bytes, without events that could not be read. Nothing after the answer's end. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** What stood there when the stream ended. */
  end(): readonly Uint8Array[];
  /** The first content is among what was given back. */
  readonly hasBegun: boolean;
  /** The vendor's own mark of the end, or an error, went by. */
  readonly isOver: boolean;
  readonly hasLast: boolean;
  readonly usage: Usage;
  readonly droppedCount: number;
  /** How it ended, when nothing more comes. */
  verdict(trouble: UpstreamFailure | undefined): ChatEnd;
  /** Why nothing more is looked at. */
  readonly fault: UpstreamFailure | undefined;
}

export interface TapInput {
  readonly reader: AnswerReader;
  readonly classify: (body: string) => UpstreamFailure;
  readonly eventBytes: number;
  readonly onSigned?: ((signed: SignatureEvent) => void) | undefined;
  /** Each event that is passed on, as it was parsed. */
  readonly onPassed?: ((value: unknown, name: string) => void) | undefined;
}

export function createTap(input: TapInput): StreamTap {
  return new Tap(input);
}

class Tap implements StreamTap {
  readonly #reader: AnswerReader;
  readonly #cutter: EventCutter;
  readonly #fold: ReturnType<typeof createFold>;
  readonly #onSigned: TapInput["onSigned"];
  readonly #onPassed: TapInput["onPassed"];
  #isError = false;
  #hasLast = false;
  hasBegun = false;
  droppedCount = 0;
  usage: Usage = {};

  constructor({ reader, classify, eventBytes, onSigned, onPassed }: TapInput) {
    this.#reader = reader;
    this.#onSigned = onSigned;
    this.#onPassed = onPassed;
    this.#cutter = createEventCutter({ eventBytes });
    this.#fold = createFold((body) => classify(JSON.stringify(body)));
  }

  get isOver(): boolean {
    return this.#fold.isOver;
  }

  get hasLast(): boolean {
    return this.#hasLast && !this.#isError;
  }

  get fault(): UpstreamFailure | undefined {
    return this.#cutter.isTooLarge ? TOO_LARGE : undefined;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    return this.isOver ? [] : this.#pass(this.#cutter.push(chunk));
  }

  end(): readonly Uint8Array[] {
    return this.isOver ? [] : this.#pass(this.#cutter.end());
  }

  verdict(trouble: UpstreamFailure | undefined): ChatEnd {
    return this.#fold.end({ shape: "stream", trouble, droppedCount: this.droppedCount });
  }

  /** Neighbours that may be passed on stay one piece. */
  #pass({ bytes, events }: CutEvents): Uint8Array[] {
    const passed: Uint8Array[] = [];
    let from = -1;
    let to = -1;
    for (const { start, end, name, data } of events) {
      if (this.isOver || !this.#look(name, data)) {
        if (from !== -1) passed.push(part(bytes, from, to));
        from = -1;
        if (this.isOver) break;
        continue;
      }
      if (from === -1) from = start;
      to = end;
    }
    if (from !== -1) passed.push(part(bytes, from, to));
    return passed;
  }

  /** Whether the event may be passed on. */
  #look(name: string, data: string): boolean {
    if (data === "") return true;
    const value = data === DONE || (data.length <= LONGEST_DONE && data.trim() === DONE) ? DONE : parseJson(data);
    if (value === undefined) {
      this.droppedCount++;
      return false;
    }
    this.#isError = name === "error" || (value !== DONE && isErrorBody(value));
    const said = this.#isError ? ([{ kind: "error", body: value }] as const) : this.#reader.event(value, name);
    for (const one of said) this.#hear(one);
    if (!this.#isError) this.#onPassed?.(value, name);
    return !this.#isError;
  }

  #hear(said: Said): void {
    if (said.kind === "signature") this.#onSigned?.(said);
    if (said.kind === "last") this.#hasLast = true;
    else if (said.kind === "error") this.#isError = true;
    const event = this.#fold.accept(said);
    if (event?.kind === "usage") this.usage = { ...this.usage, ...event.usage };
    else if (event !== undefined && !this.hasBegun && isPiece(event)) this.hasBegun = true;
  }
}

/** With blanks around it. */
const LONGEST_DONE = 100;

/** Mostly it is all of them. */
function part(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}
