import type { UpstreamFailure } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import { AnswerCut } from "../kernel/answer-cut.ts";
import type { HttpResponse } from "../kernel/http.ts";
import { parseJson } from "../kernel/json-value.ts";
import type { Soon } from "../kernel/soon.ts";
import { TOO_LARGE, UNREADABLE } from "../protocols/body.ts";
import { leadingJson } from "../protocols/leading-json.ts";
import { READ_LIMITS, type Reading } from "../protocols/protocol.ts";
import { failureOfThrown } from "../protocols/thrown.ts";
import { sendAndRead } from "./attempt.ts";
import type { RelayCall, Relayed } from "./relay-call.ts";
import { readOnce } from "./read-once.ts";
import { LEFT, openEnd, wholeEnd } from "./relay-end.ts";
import { type Outgoing, relayStream } from "./relay-stream.ts";
import type { Tried } from "./run-types.ts";
import { untilBegun, untilFirstToken } from "./until-first-token.ts";
import { judgeAtOnce, judgeWhole, type WholeKind } from "./whole-answer.ts";

/** Asks one vendor once. `opened`: the first content, or a whole good answer, is in hand. Never throws for what the network or the vendor does. */
export function relay(host: Host, call: RelayCall): Promise<Tried<Relayed>> {
  if (call.awaits === "stream") return untilFirstToken(call, (signal) => ask(host, { ...call, signal }, call));
  return untilBegun(call, (signal, onHeaders) => ask(host, { ...call, signal, onHeaders }, call));
}

/** Without a step that waits for nothing: this is every request's way. */
function ask(host: Host, asked: RelayCall, call: RelayCall): Promise<Tried<Relayed>> {
  return sendAndRead(host, asked, (response, reading) => read(response, reading, call));
}

/** Of the body of a refusal. */
const ENOUGH_BYTES = 65_536;

function read({ status, headers, body }: HttpResponse, reading: Reading, call: RelayCall): Soon<Tried<Relayed>> {
  const isGood = status >= 200 && status <= 299;
  const isStream = (headers["content-type"] ?? "").toLowerCase().includes("text/event-stream");
  const arrived = isGood && !isStream && call.awaits !== "stream" ? body.arrived?.() : undefined;
  const outgoing: Outgoing = { bytes: body[Symbol.asyncIterator](), response: { status, headers }, reading };
  if (!isGood) return readRefusal(outgoing, call);
  if (call.awaits === "stream") return relayStream(outgoing, call, isStream ? "server-sent events" : "unknown");
  if (isStream) return notWhole(outgoing);
  if (arrived !== undefined) return readGathered(upTo(arrived, call.bufferBytes), outgoing, call, call.awaits);
  return readWhole(outgoing, call, call.awaits);
}

async function readRefusal({ bytes, response, reading }: Outgoing, { protocol, provider }: RelayCall): Promise<Tried<Relayed>> {
  const body = await gather(bytes, ENOUGH_BYTES);
  await bytes.return?.();
  return refused(protocol.classify({ ...response, body: text(body.pieces), ...received(reading) }, provider.id, provider.failures), response.status);
}

async function notWhole({ bytes, response }: Outgoing): Promise<Tried<Relayed>> {
  await bytes.return?.();
  return refused(UNREADABLE, response.status);
}

async function readWhole(outgoing: Outgoing, call: RelayCall, awaits: WholeKind): Promise<Tried<Relayed>> {
  return readGathered(await gather(outgoing.bytes, call.bufferBytes), outgoing, call, awaits);
}

function readGathered(body: Gathered, { bytes, response, reading }: Outgoing, call: RelayCall, awaits: WholeKind): Soon<Tried<Relayed>> {
  if (body.trouble !== undefined) return refused(body.trouble, response.status);
  if (!body.isWhole) return { kind: "opened", value: passedOn(body.pieces, { bytes, response }, call) };
  const whole = joined(body.pieces);
  const usage = awaits === "answer" ? judgeAtOnce(text([whole]), call.protocol.id, call.onSigned) : undefined;
  if (usage !== undefined) return { kind: "opened", value: { response, body: whole, over: wholeEnd(usage) } };
  return judged(awaits, whole, { response, reading }, call);
}

async function judged(awaits: WholeKind, whole: Uint8Array, { response, reading }: Omit<Outgoing, "bytes">, { protocol }: RelayCall): Promise<Tried<Relayed>> {
  const found = await judgeWhole(awaits, { ...response, body: once(whole) }, { protocol, reading });
  if (found.kind === "failed") return refused(found.failure, response.status);
  const body = withoutRest(whole);
  return body === undefined ? refused(UNREADABLE, response.status) : { kind: "opened", value: { response, body, over: wholeEnd(found.usage) } };
}

/** Some servers write more behind an answer: nobody could parse both. undefined where a good answer is no JSON, but a stream. */
function withoutRest(whole: Uint8Array): Uint8Array | undefined {
  const said = text([whole]);
  if (parseJson(said) !== undefined) return whole;
  const json = leadingJson(said);
  return json === undefined ? undefined : new TextEncoder().encode(json);
}

/** Longer than what is held back: nobody judges it, and a cut ends the connection. */
function passedOn(first: readonly Uint8Array[], { bytes, response }: Pick<Outgoing, "bytes" | "response">, call: RelayCall): Relayed {
  const limit = (call.limits ?? READ_LIMITS).wholeBytes;
  const { over, finish } = openEnd();
  async function* body(): AsyncGenerator<Uint8Array> {
    let total = 0;
    let end = LEFT;
    try {
      yield* first;
      total = first.reduce((sum, piece) => sum + piece.length, 0);
      for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
        total += next.value.length;
        if (total > limit) throw Object.assign(new Error("too much"), { code: "UND_ERR_RES_EXCEEDED_MAX_SIZE" });
        yield next.value;
      }
      end = { ...end, kind: "answered" };
    } catch (thrown) {
      end = { ...end, kind: call.signal?.aborted === true ? "cancelled" : "cut", failure: failureOfThrown(thrown) };
      throw new AnswerCut(thrown);
    } finally {
      finish(end);
      await bytes.return?.();
    }
  }
  const unread = (): void => {
    finish(LEFT);
    void bytes.return?.();
  };
  return { response, body: readOnce(body(), unread), over };
}

interface Gathered {
  readonly pieces: readonly Uint8Array[];
  readonly isWhole: boolean;
  readonly trouble?: UpstreamFailure;
}

function upTo(pieces: readonly Uint8Array[], enough: number): Gathered {
  return { pieces, isWhole: pieces.reduce((sum, piece) => sum + piece.length, 0) <= enough };
}

/** Until the body ends or holds more than `enough`. */
async function gather(bytes: AsyncIterator<Uint8Array>, enough: number): Promise<Gathered> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  try {
    for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
      pieces.push(next.value);
      total += next.value.length;
      if (total > enough) return { pieces, isWhole: false };
    }
    return { pieces, isWhole: true };
  } catch (thrown) {
    return { pieces, isWhole: false, trouble: total > enough ? TOO_LARGE : failureOfThrown(thrown) };
  }
}

function refused(failure: UpstreamFailure, status: number): Tried<never> {
  return { kind: "refused", failure: { status, ...failure } };
}

function received({ receivedAtMs }: Reading): { receivedAtMs?: number } {
  return receivedAtMs === undefined ? {} : { receivedAtMs };
}

const utf8 = new TextDecoder();

function text(pieces: readonly Uint8Array[]): string {
  return utf8.decode(joined(pieces));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
