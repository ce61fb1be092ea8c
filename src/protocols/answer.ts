import type { ChatEvent } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { HttpResponse } from "../kernel/http.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import { type AnswerReader, createFold, type Said } from "./answer-fold.ts";
import { type CallNamer, callNamer } from "./call-id.ts";
import { CUT, type GuardedBody, guardBody, readText, TOO_LARGE } from "./body.ts";
import { classifyBy } from "./classify.ts";
import { isErrorBody } from "./error-body.ts";
import { rulesFor } from "./failure-rules.ts";
import { parseJson } from "../kernel/json-value.ts";
import { parseExact } from "./exact-json.ts";
import { parseLeadingJson } from "./leading-json.ts";
import { READ_LIMITS, type Reading } from "./protocol.ts";
import { createSseDecoder } from "./sse.ts";

/** One event of a stream: its name, and its text or parsed value. */
export interface StreamEvent {
  readonly name: string;
  /** undefined when it could not be read. */
  readonly value: unknown;
}

/** Cuts bytes into events. */
export interface StreamDecoder {
  push(bytes: Uint8Array): readonly StreamEvent[];
  end(): readonly StreamEvent[];
  /** Why the rest of the stream is not looked at. */
  readonly fault: UpstreamFailure | undefined;
}

export interface AnswerFormat {
  readonly protocol: ProtocolId;
  /** `named`: calls that come without an id. */
  readonly createReader: (named: CallNamer) => AnswerReader;
  /** By a part of the content type; streams of server-sent events are known without. */
  readonly framings?: Readonly<Record<string, (limits: { readonly eventBytes: number }) => StreamDecoder>>;
}

/** Of the body of a refusal, and of a stream before its first event. */
const ENOUGH_BYTES = 65_536;

/** What `Protocol.decode` promises. */
export async function* readAnswer(response: HttpResponse, format: AnswerFormat, reading: Reading): AsyncGenerator<ChatEvent> {
  const { limits = READ_LIMITS } = reading;
  const classify = (body: string): UpstreamFailure =>
    classifyBy(rulesFor(format.protocol, reading.providerId, reading.failures), { ...response, ...received(reading), body });
  if (response.status < 200 || response.status > 299) {
    const body = guardBody(response.body, limits.wholeBytes);
    const text = await readText(body, ENOUGH_BYTES);
    yield { kind: "failed", failure: classify(text), droppedCount: 0 };
    return;
  }
  const reader = format.createReader(callNamer(reading.receivedAtMs));
  const fold = createFold((body) => classify(JSON.stringify(body)));
  const createDecoder = decoderFor(response.headers["content-type"] ?? "", format);
  const hands = { reader, fold, classify };
  const events =
    createDecoder === undefined
      ? readWhole(guardBody(response.body, limits.wholeBytes), hands)
      : readStream(guardBody(response.body, limits.streamBytes), createDecoder(limits), hands);
  for await (const event of events) yield event.kind === "failed" ? { ...event, failure: { status: response.status, ...event.failure } } : event;
}

interface Hands {
  readonly reader: AnswerReader;
  readonly fold: ReturnType<typeof createFold>;
  readonly classify: (body: string) => UpstreamFailure;
}

function received({ receivedAtMs }: Reading): { receivedAtMs?: number } {
  return receivedAtMs === undefined ? {} : { receivedAtMs };
}

function decoderFor(contentType: string, { framings = {} }: AnswerFormat): ((limits: { readonly eventBytes: number }) => StreamDecoder) | undefined {
  const type = contentType.toLowerCase();
  if (type.includes("text/event-stream")) return sseEvents;
  return Object.entries(framings).find(([part]) => type.includes(part))?.[1];
}

async function* readStream(body: GuardedBody, decoder: StreamDecoder, { reader, fold, classify }: Hands): AsyncGenerator<ChatEvent> {
  const head = createHead();
  let droppedCount = 0;
  const read = function* (events: readonly StreamEvent[]): Generator<ChatEvent> {
    for (const { value, name } of events) {
      if (fold.isOver) return;
      if (value === undefined) droppedCount++;
      else if (name === "error" || isErrorBody(value)) yield* accepted([{ kind: "error", body: value }], fold);
      else yield* accepted(reader.event(value, name), fold);
    }
  };
  for await (const chunk of body.bytes) {
    if (fold.saidCount === 0) head.add(chunk);
    yield* read(decoder.push(chunk));
    if (fold.isOver || decoder.fault !== undefined) break;
  }
  if (!fold.isOver && decoder.fault === undefined) yield* read(decoder.end());
  const trouble = decoder.fault ?? body.trouble;
  const mistaken = fold.saidCount === 0 && trouble === undefined ? notAStream(head.text(), classify) : undefined;
  yield mistaken === undefined ? fold.end({ shape: "stream", trouble, droppedCount }) : { kind: "failed", failure: mistaken, droppedCount };
}

async function* readWhole(body: GuardedBody, { reader, fold, classify }: Hands): AsyncGenerator<ChatEvent> {
  const text = (await readText(body, Number.POSITIVE_INFINITY)).trim();
  const value = body.trouble === undefined ? (parseExact(text) ?? parseLeadingJson(text)) : undefined;
  if (body.trouble !== undefined) yield { kind: "failed", failure: body.trouble, droppedCount: 0 };
  else if (value !== undefined && !isErrorBody(value)) {
    yield* accepted(reader.whole(value), fold);
    yield fold.end({ shape: "whole", trouble: undefined, droppedCount: 0 });
  } else if (/^(?:data|event|id)?:/.test(text)) {
    // Some servers stream under another type.
    yield* readStream(guardBody(once(text), Number.POSITIVE_INFINITY), sseEvents({ eventBytes: text.length }), { reader, fold, classify });
  } else if (value === undefined && /^[{[]/.test(text)) yield { kind: "failed", failure: CUT, droppedCount: 0 };
  else yield { kind: "failed", failure: classify(value === undefined ? text : JSON.stringify(value)), droppedCount: 0 };
}

function* accepted(all: readonly Said[], fold: Hands["fold"]): Generator<ChatEvent> {
  for (const said of all) {
    const event = fold.accept(said);
    if (event !== undefined) yield event;
  }
}

/** A whole answer under the type of a stream: an error or a page. */
function notAStream(text: string, classify: (body: string) => UpstreamFailure): UpstreamFailure | undefined {
  const trimmed = text.trim();
  return trimmed.startsWith("<") || isErrorBody(parseJson(trimmed)) ? classify(trimmed) : undefined;
}

function createHead() {
  const utf8 = new TextDecoder();
  let text = "";
  return {
    add(chunk: Uint8Array): void {
      if (text.length < ENOUGH_BYTES) text += utf8.decode(chunk, { stream: true });
    },
    text: () => text,
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** `[DONE]` is a text of its own; everything else has to be JSON. */
export function sseEvents({ eventBytes }: { readonly eventBytes: number }): StreamDecoder {
  const decoder = createSseDecoder({ eventCharacters: eventBytes });
  const parse = ({ name, data }: { readonly name: string; readonly data: string }): StreamEvent => {
    const value = data.trim() === DONE ? DONE : parseExact(data);
    return { name, value };
  };
  return {
    push: (bytes) => decoder.push(bytes).map(parse),
    end: () => decoder.end().map(parse),
    get fault() {
      return decoder.isTooLarge ? TOO_LARGE : undefined;
    },
  };
}

export const DONE = "[DONE]";
