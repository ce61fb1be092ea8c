import type { UpstreamFailure } from "../chat/failure.ts";
import { TOO_LARGE, UNREADABLE } from "../protocols/body.ts";
import { READ_LIMITS, type Reading } from "../protocols/protocol.ts";
import { failureOfThrown } from "../protocols/thrown.ts";
import type { Answered } from "./attempt.ts";
import { createPreamble, type Preamble, PREAMBLE_BYTES } from "./preamble.ts";
import type { RelayCall, RelayEnd, Relayed } from "./relay-call.ts";
import { readOnce } from "./read-once.ts";
import { LEFT, openEnd } from "./relay-end.ts";
import type { Tried } from "./run-types.ts";
import { createTap, readerOf, type StreamTap } from "./stream-tap.ts";

/** An answer whose headers are in. */
export interface Outgoing {
  readonly bytes: AsyncIterator<Uint8Array>;
  readonly response: Answered;
  readonly reading: Reading;
}

/** How long the rest of a connection may take behind the answer's end, so that it can be used again. */
const TAIL_MS = 250;

/** `framing`: what the content type says. Some servers stream under another one. */
export async function relayStream(outgoing: Outgoing, call: RelayCall, framing: "server-sent events" | "unknown"): Promise<Tried<Relayed>> {
  const { response, reading, bytes } = outgoing;
  const { status, headers } = response;
  const limits = call.limits ?? READ_LIMITS;
  const received = reading.receivedAtMs === undefined ? {} : { receivedAtMs: reading.receivedAtMs };
  const classify = (body: string): UpstreamFailure => call.protocol.classify({ status, headers, body, ...received }, call.provider.id, call.provider.failures);
  const reader = readerOf(call.protocol.id);
  if (reader === undefined) return { kind: "withheld", why: "speaks a format whose streams cannot be passed on as they are" };
  const tap = createTap({ reader, classify, eventBytes: limits.eventBytes, onSigned: call.onSigned, onPassed: call.follower?.event });
  const held = createPreamble();
  let trouble: UpstreamFailure | undefined;
  try {
    while (!tap.hasBegun && !tap.isOver && held.byteCount <= PREAMBLE_BYTES) {
      const next = await bytes.next();
      if (next.done === true) {
        held.hold(tap.end());
        trouble ??= held.mistaken(classify);
        return opened(outgoing, { call, tap, held, streamBytes: 0, hasEnded: true, trouble });
      }
      held.see(next.value);
      if (framing === "unknown" && !held.looksLikeEvents) break;
      held.hold(tap.push(next.value));
      if (tap.fault !== undefined) break;
    }
  } catch (thrown) {
    trouble = failureOfThrown(thrown);
  }
  if (trouble === undefined && tap.fault === undefined && framing === "unknown" && !held.looksLikeEvents) return notAStream(outgoing, call, held);
  return opened(outgoing, { call, tap, held, streamBytes: limits.streamBytes, hasEnded: trouble !== undefined || tap.fault !== undefined, trouble });
}

interface Opening {
  readonly call: RelayCall;
  readonly tap: StreamTap;
  readonly held: Preamble;
  readonly streamBytes: number;
  /** Nothing more comes from the vendor. */
  readonly hasEnded: boolean;
  readonly trouble: UpstreamFailure | undefined;
}

/** A failure before the first content is a refusal; everything else belongs to the client from here on. */
async function opened(outgoing: Outgoing, opening: Opening): Promise<Tried<Relayed>> {
  const { tap, held, hasEnded, trouble } = opening;
  const isEnd = hasEnded || tap.isOver;
  if (!tap.hasBegun && isEnd) {
    const end = tap.verdict(trouble ?? tap.fault);
    const failure = trouble !== undefined && end.kind === "failed" ? trouble : end.kind === "failed" ? end.failure : undefined;
    if (failure !== undefined) {
      await outgoing.bytes.return?.();
      return { kind: "refused", failure: { status: outgoing.response.status, ...failure } };
    }
  }
  return { kind: "opened", value: pass(outgoing, opening, held.pieces()) };
}

function pass({ bytes, response }: Outgoing, { call, tap, streamBytes, hasEnded, trouble }: Opening, first: readonly Uint8Array[]): Relayed {
  const { over, finish } = openEnd();
  async function* body(): AsyncGenerator<Uint8Array> {
    let end: RelayEnd["kind"] = "cancelled";
    let why = trouble;
    let total = 0;
    try {
      // One by one: `yield*` waits three times for each piece of a list.
      for (const piece of first) yield piece;
      while (!hasEnded && !tap.isOver && tap.fault === undefined && why === undefined) {
        let next: IteratorResult<Uint8Array>;
        try {
          next = await bytes.next();
        } catch (thrown) {
          why = failureOfThrown(thrown);
          break;
        }
        if (next.done === true) {
          for (const piece of tap.end()) yield piece;
          break;
        }
        total += next.value.length;
        if (total > streamBytes) why = TOO_LARGE;
        else for (const piece of tap.push(next.value)) yield piece;
      }
      const verdict = tap.verdict(why ?? tap.fault);
      if (verdict.kind === "failed") {
        why = verdict.failure;
        end = "cut";
        yield call.ends.error(verdict.failure);
      } else {
        why = undefined;
        end = "answered";
        if (!tap.hasLast) yield call.ends.last;
      }
    } finally {
      finish({ kind: end, usage: tap.usage, droppedCount: tap.droppedCount, ...(why !== undefined && end === "cut" && { failure: why }) });
      void leaveTail(bytes, call, end);
    }
  }
  const unread = (): void => {
    finish(LEFT);
    void bytes.return?.();
  };
  return { response, body: readOnce(body(), unread), over, ...(call.follower !== undefined && { follower: call.follower }) };
}

/** A connection whose answer is over may be used again; every other one is closed. */
async function leaveTail(bytes: AsyncIterator<Uint8Array>, { after }: RelayCall, end: RelayEnd["kind"]): Promise<void> {
  if (end !== "answered") return void (await bytes.return?.());
  const stop = after(TAIL_MS, () => void bytes.return?.());
  try {
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next());
  } catch {
    // It was closed on us: nothing of the answer is missing.
  } finally {
    stop();
  }
}

/** What was answered in place of a stream: an error or a page has a name; a whole answer is not what the client reads. */
async function notAStream({ response, reading, bytes }: Outgoing, { protocol }: RelayCall, held: Preamble): Promise<Tried<Relayed>> {
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield* held.seen();
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) yield next.value;
  }
  let failure = UNREADABLE;
  for await (const event of protocol.decode({ ...response, body: rest() }, reading)) if (event.kind === "failed") failure = event.failure;
  await bytes.return?.();
  return { kind: "refused", failure: { status: response.status, ...failure } };
}
