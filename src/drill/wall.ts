import type { HttpDeadlines, HttpRequest, HttpResponse } from "../kernel/http.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { deadlinePassed } from "../protocols/thrown.ts";
import { at, listAt, parseJson, textAt } from "../kernel/json-value.ts";
import type { DrillClock } from "./clock.ts";
import type { Act, Fault } from "./faults.ts";
import { type Format, formatAt } from "./formats.ts";

/** One request that reached a vendor. */
export interface Knock {
  readonly target: string;
  readonly atMs: number;
  /** What that vendor did with it. */
  readonly act: Act["kind"];
  /** The first words were put into its mouth: it says those that follow. */
  readonly isPrefilled: boolean;
}

/** The vendors of the drill: all of them are well, but for the one that is to misbehave. */
export interface Wall {
  http(request: HttpRequest, signal: StopSignal, deadlines?: HttpDeadlines): Promise<HttpResponse>;
  /** From now on, at that address and model. undefined: all are well. */
  misbehave(fault: Fault | undefined, target: string | undefined): void;
  readonly knocks: readonly Knock[];
}

/** What every good answer says: sixty words. */
export const WORDS: readonly string[] = Array.from({ length: 60 }, (_, i) => (i === 0 ? "One" : i % 10 === 9 ? " rail." : ` word${i + 1}`));

const FIRST_WORD_MS = 300;
const WORD_MS = 15;

export function buildWall(clock: DrillClock): Wall {
  const knocks: Knock[] = [];
  let fault: Fault | undefined;
  let misbehaves: string | undefined;
  let sinceMs = 0;
  let count = 0;

  const actFor = (target: string, words: readonly string[]): Act => {
    if (words !== WORDS && fault?.noPrefill === true) return { kind: "error", status: 400, error: "prefill" };
    if (fault === undefined || target !== misbehaves) return { kind: "good" };
    count++;
    return fault.act(count, clock.nowMs() - sinceMs);
  };

  return {
    knocks,
    misbehave: (next, target) => {
      [fault, misbehaves, sinceMs, count] = [next, target, clock.nowMs(), 0];
      knocks.length = 0;
    },
    http: async (request, signal, deadlines) => {
      const model = modelOf(request);
      const target = targetOf(request);
      const words = wordsLeft(request);
      const act = actFor(target, words);
      knocks.push({ target, atMs: clock.nowMs(), act: act.kind, isPrefilled: words !== WORDS });
      return perform(act, { request, model, signal, clock, deadlines });
    },
  };
}

/** A model at an address, however it is asked. */
export function targetOf(request: HttpRequest): string {
  return `${request.url.replace(/:(?:streamG|g)enerateContent.*$/, "")} ${modelOf(request)}`;
}

function modelOf({ url, body = "" }: HttpRequest): string {
  return textAt(parseJson(body), "model") ?? /\/models\/([^/:?]+):/.exec(url)?.[1] ?? "";
}

interface Stage {
  readonly request: HttpRequest;
  readonly model: string;
  readonly signal: StopSignal;
  readonly clock: DrillClock;
  readonly deadlines: HttpDeadlines | undefined;
}

async function perform(act: Act, stage: Stage): Promise<HttpResponse> {
  const found = formatAt(new URL(stage.request.url).pathname);
  if (found === undefined) throw Object.assign(new Error("the drill cannot play this vendor"), { code: "ECONNREFUSED" });
  const { format } = found;
  const streams = found.streams === "by body" ? streamsOf(stage.request) : found.streams;
  stage.signal.throwIfAborted();
  if (act.kind === "broken") throw Object.assign(new Error(act.code), { code: act.code });
  const firstByteMs = act.kind === "silent" ? act.forMs : streams ? WORD_MS : FIRST_WORD_MS + WORDS.length * WORD_MS;
  await within(stage, firstByteMs, stage.deadlines?.firstByteMs, "first_byte");
  if (act.kind === "error") return say(act.status, format.error(act.status, act.error), { "content-type": "application/json", ...act.headers });
  if (act.kind === "hollow") return hollow(act.body, format, streams ? "text/event-stream" : "application/json");
  if (!streams) return say(200, format.whole(wordsLeft(stage.request), stage.model), { "content-type": "application/json" });
  return { status: 200, headers: { "content-type": "text/event-stream" }, body: streamed(act, format, stage) };
}

/** All of them, or what follows those that are put into the assistant's mouth. */
function wordsLeft({ body = "" }: HttpRequest): readonly string[] {
  const last = listAt(parseJson(body), "messages").at(-1);
  const said = textAt(last, "role") === "assistant" ? (textAt(last, "content") ?? "") : "";
  return said !== "" && WORDS.join("").startsWith(said) ? WORDS.slice(said.trim().split(" ").length) : WORDS;
}

function streamsOf({ body = "" }: HttpRequest): boolean {
  return at(parseJson(body), "stream") === true;
}

function hollow(kind: "empty" | "page" | "error", format: Format, type: string): HttpResponse {
  if (kind === "page") return say(200, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" });
  return say(200, kind === "empty" ? "" : format.error(200, "overloaded"), { "content-type": type });
}

function say(status: number, body: string, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status, headers, body: pieces([body]) };
}

const utf8 = new TextEncoder();

async function* pieces(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) if (text !== "") yield utf8.encode(text);
}

async function* streamed(act: Act, format: Format, stage: Stage): AsyncGenerator<Uint8Array> {
  const { head, words, tail } = format.stream(wordsLeft(stage.request), stage.model);
  const idle = (ms: number): Promise<void> => within(stage, ms, stage.deadlines?.idleMs, "idle");
  const firstMs = act.kind === "slow first word" ? act.afterMs : FIRST_WORD_MS;
  const spoken = act.kind === "cut" ? words.slice(0, act.words) : words;
  yield* pieces(head);
  for (const [i, word] of spoken.entries()) {
    await idle(i === 0 ? firstMs : WORD_MS);
    yield utf8.encode(act.kind === "garbled" && i === 9 ? `${word.replace(/\{[^]*$/, "{not json")}\n\n${word}` : word);
  }
  if (act.kind === "cut") {
    if (act.how === "error event") yield utf8.encode(format.streamError("overloaded"));
    if (act.how === "stall") await idle(30 * 60_000);
    if (act.how === "reset") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return;
  }
  yield* pieces(act.kind === "no last mark" ? tail.slice(0, tail.length - format.lastCount) : tail);
}

/** So long, unless a deadline passes before, or nobody waits any more. */
async function within(
  { clock, signal }: Pick<Stage, "clock" | "signal">,
  ms: number,
  limitMs = Number.POSITIVE_INFINITY,
  phase: "first_byte" | "idle",
): Promise<void> {
  await clock.wait(Math.min(ms, limitMs), signal);
  if (ms > limitMs) throw deadlinePassed(phase);
}
