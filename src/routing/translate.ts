import type { ChatEvent, Usage } from "../chat/event.ts";
import type { Host } from "../kernel/host.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { AnswerHead, AnswerWriter, ServerProtocol } from "../protocols/server-protocol.ts";
import { deadlinePassed } from "../protocols/thrown.ts";
import { type Answered, attempt, type Call } from "./attempt.ts";
import type { Relayed, RelayEnd } from "./relay-call.ts";
import { readOnce } from "./relay-stream.ts";
import type { Tried } from "./run-plan.ts";

/** A call whose answer goes to a client of another format. */
export interface TranslatedCall extends Call {
  /** The client's format. */
  readonly server: ServerProtocol;
  readonly head: AnswerHead;
  readonly awaits: "stream" | "answer";
  /** From the last byte sent to the first content of a stream. */
  readonly firstTokenMs: number;
  readonly after: (ms: number, act: () => void) => () => void;
  /** What the vendor's format could not say of the request. */
  readonly losses: readonly Loss[];
}

/** Asks one vendor once and tells its answer in the client's format. Never throws for what the network or the vendor does. */
export async function translate(host: Host, call: TranslatedCall): Promise<Tried<Relayed>> {
  const controller = new AbortController();
  const { signal } = call;
  const leave = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) leave();
  else signal?.addEventListener("abort", leave, { once: true });
  const unlink = (): void => signal?.removeEventListener("abort", leave);
  const stopClock = call.awaits === "stream" ? call.after(call.firstTokenMs, () => controller.abort(deadlinePassed("first_byte"))) : (): void => undefined;
  const result = await attempt(host, { ...call, signal: controller.signal }).finally(stopClock);
  if (result.kind !== "opened") {
    unlink();
    return result;
  }
  const writer = call.server.createWriter(call.head);
  const tried =
    call.awaits === "stream"
      ? streamed(result.events, writer, { call, response: result.response })
      : await whole(result.events, writer, { call, response: result.response });
  if (tried.kind === "opened") void tried.value.over.then(unlink);
  else unlink();
  return tried;
}

interface Told {
  readonly call: TranslatedCall;
  readonly response: Answered;
}

const utf8 = new TextEncoder();

function streamed(events: AsyncIterable<ChatEvent>, writer: AnswerWriter, { call, response }: Told): Tried<Relayed> {
  let finish: (end: RelayEnd) => void = () => undefined;
  const over = new Promise<RelayEnd>((resolve) => {
    finish = resolve;
  });
  async function* body(): AsyncGenerator<Uint8Array> {
    let end: RelayEnd = { kind: "cancelled", usage: {}, droppedCount: 0 };
    try {
      for await (const event of events) {
        end = follow(end, event);
        const text = writer.event(event);
        if (text !== "") yield utf8.encode(text);
      }
    } finally {
      finish(end);
    }
  }
  const unread = (): void => finish({ kind: "cancelled", usage: {}, droppedCount: 0 });
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  return { kind: "opened", value: { response: { ...response, headers }, body: readOnce(body(), unread), over, lost: lostFields(call.losses) } };
}

function follow(end: RelayEnd, event: ChatEvent): RelayEnd {
  if (event.kind === "usage") return { ...end, usage: { ...end.usage, ...event.usage } };
  if (event.kind === "done") return { ...end, kind: "answered", droppedCount: event.droppedCount };
  return event.kind === "failed" ? { ...end, kind: "cut", failure: event.failure, droppedCount: event.droppedCount } : end;
}

async function whole(all: AsyncIterable<ChatEvent>, writer: AnswerWriter, { call, response }: Told): Promise<Tried<Relayed>> {
  const events: ChatEvent[] = [];
  let usage: Usage = {};
  for await (const event of all) {
    if (event.kind === "failed") return { kind: "refused", failure: { status: response.status, ...event.failure } };
    if (event.kind === "usage") usage = { ...usage, ...event.usage };
    events.push(event);
  }
  const body = utf8.encode(JSON.stringify(writer.whole(events)));
  const over = Promise.resolve<RelayEnd>({ kind: "answered", usage, droppedCount: 0 });
  const headers = { "content-type": "application/json" };
  return { kind: "opened", value: { response: { ...response, headers }, body, over, lost: lostFields([...call.losses, ...writer.losses]) } };
}

/** Each once, in their order. */
function lostFields(losses: readonly Loss[]): readonly string[] {
  return [...new Set(losses.map(({ field }) => field))];
}
