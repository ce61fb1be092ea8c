import type { ChatEvent, Usage } from "../chat/event.ts";
import type { Host } from "../kernel/host.ts";
import { writeExact } from "../protocols/exact-json.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { AnswerHead, AnswerWriter, GoodEvent, ServerProtocol } from "../protocols/server-protocol.ts";
import { type Answered, attempt, type Call } from "./attempt.ts";
import { lostText } from "./lost-text.ts";
import type { Relayed, StreamEnds } from "./relay-call.ts";
import { endAfter, LEFT, openEnd, wholeEnd } from "./relay-end.ts";
import { readOnce } from "./read-once.ts";
import type { Tried } from "./run-types.ts";
import type { SignatureEvent } from "./signed-collector.ts";
import { untilBegun, untilFirstToken } from "./until-first-token.ts";

/** A call whose answer goes to a client of another format. */
export interface TranslatedCall extends Call {
  /** The client's format. */
  readonly server: ServerProtocol;
  readonly head: AnswerHead;
  readonly awaits: "stream" | "answer";
  /** From the request to the first content of a stream; from the headers to the beginning of an answer in one piece. */
  readonly firstTokenMs: number;
  readonly after: (ms: number, act: () => void) => () => void;
  /** As where bytes pass through: the vendor's own words go to no client unlooked at. */
  readonly ends: Pick<StreamEnds, "error">;
  /** What the vendor's format could not say of the request. */
  readonly losses: readonly Loss[];
  /** What the answer signs, as it goes by. */
  readonly onSigned?: (signed: SignatureEvent) => void;
}

/** Asks one vendor once and tells its answer in the client's format. Never throws for what the network or the vendor does. */
export async function translate(host: Host, call: TranslatedCall): Promise<Tried<Relayed>> {
  const ask = async (asked: TranslatedCall): Promise<Tried<Relayed>> => {
    const result = await attempt(host, asked);
    if (result.kind !== "opened") return result;
    const told: Told = { call, response: result.response };
    const writer = call.server.createWriter(call.head);
    return call.awaits === "stream" ? streamed(result.events, writer, told) : whole(result.events, writer, told);
  };
  if (call.awaits === "stream") return untilFirstToken(call, (signal) => ask({ ...call, signal }));
  return untilBegun(call, (signal, onHeaders) => ask({ ...call, signal, onHeaders }));
}

interface Told {
  readonly call: TranslatedCall;
  readonly response: Answered;
}

const utf8 = new TextEncoder();

function streamed(events: AsyncIterable<ChatEvent>, writer: AnswerWriter, { call, response }: Told): Tried<Relayed> {
  const { over, finish } = openEnd();
  async function* body(): AsyncGenerator<Uint8Array> {
    let end = LEFT;
    try {
      for await (const event of events) {
        end = endAfter(end, event);
        if (event.kind === "signature") call.onSigned?.(event);
        const bytes = event.kind === "failed" ? call.ends.error(event.failure) : utf8.encode(said(event, writer));
        if (bytes.length > 0) yield bytes;
      }
    } finally {
      finish(end);
    }
  }
  const unread = (): void => {
    finish(LEFT);
    void events[Symbol.asyncIterator]().return?.();
  };
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  return { kind: "opened", value: { response: { ...response, headers }, body: readOnce(body(), unread), over, lost: lostFields(call.losses) } };
}

/** What the answer lost is told before its end, as a comment: the headers are long gone, and readers of event streams leave comments out. */
function said(event: GoodEvent, writer: AnswerWriter): string {
  const text = writer.event(event);
  if (event.kind !== "done" || writer.losses.length === 0) return text;
  return `: x-signalbox-lost: ${lostText(lostFields(writer.losses))}\n\n${text}`;
}

async function whole(all: AsyncIterable<ChatEvent>, writer: AnswerWriter, { call, response }: Told): Promise<Tried<Relayed>> {
  const events: ChatEvent[] = [];
  let usage: Usage = {};
  for await (const event of all) {
    if (event.kind === "failed") return { kind: "refused", failure: { status: response.status, ...event.failure } };
    if (event.kind === "usage") usage = { ...usage, ...event.usage };
    else if (event.kind === "signature") call.onSigned?.(event);
    events.push(event);
  }
  const body = utf8.encode(writeExact(writer.whole(events)));
  const headers = { "content-type": "application/json" };
  return { kind: "opened", value: { response: { ...response, headers }, body, over: wholeEnd(usage), lost: lostFields([...call.losses, ...writer.losses]) } };
}

/** Each once, in their order. */
export function lostFields(losses: readonly Loss[]): readonly string[] {
  return [...new Set(losses.map(({ field }) => field))];
}
