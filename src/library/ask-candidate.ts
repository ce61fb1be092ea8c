import type { ChatEvent } from "../chat/event.ts";
import { credentialFor } from "../gateway/credential-for.ts";
import type { Generation } from "../gateway/generation.ts";
import type { Host } from "../kernel/host.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { protocols } from "../protocols/index.ts";
import type { Loss } from "../protocols/protocol.ts";
import { boundField } from "../protocols/translation.ts";
import { attempt } from "../routing/attempt.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { askInOther, encodeFor, lossesRefusedBy } from "../routing/encode-for.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { RelayCall } from "../routing/relay-call.ts";
import type { Route } from "../routing/route.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import { untilFirstToken } from "../routing/until-first-token.ts";
import type { Engine } from "./engine.ts";
import type { Understood } from "./request.ts";

/** An answer that has begun. */
export interface Opened {
  readonly events: AsyncIterable<ChatEvent>;
  readonly lost: readonly Loss[];
  /** Resolves when nobody reads it any more. */
  readonly over: Promise<void>;
}

export interface Asking {
  readonly engine: Engine;
  readonly generation: Generation;
  readonly route: Route;
  readonly understood: Understood;
  readonly awaits: "stream" | "answer";
}

/** Asks one candidate, in its own format. Never throws for what the network or the vendor does. */
export async function askCandidate(candidate: Candidate, facts: TryFacts, asking: Asking): Promise<Tried<Opened>> {
  const { engine, generation, understood } = asking;
  const call = { memory: engine.routing.signed, candidate, as: generation.limits.reasoning, signal: facts.signal, onRepair: facts.onRepair };
  return askInOther(understood.chat, call, (fitted) => askOnce(candidate, facts, asking, fitted));
}

async function askOnce({ model, profile }: Candidate, facts: TryFacts, asking: Asking, { chat, losses }: Fitted): Promise<Tried<Opened>> {
  const { engine, generation, route, awaits } = asking;
  const { host } = engine;
  const { provider } = model;
  const bound = boundField(chat, provider.protocol);
  if (bound !== undefined) return { kind: "withheld", why: `speaks ${provider.protocol}, and ${bound} means something to another format alone` };
  const streams = awaits === "stream";
  const encoded = encodeFor(model, { chat: { ...chat, stream: streams }, losses }, { account: generation.account, refusedBy: refusedBy(asking) });
  if (encoded.kind === "withheld") return encoded;
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor(model, generation.limits, streams ? "streamed" : "one piece");
  const limits = generation.limits.reading;
  const call = { protocol: protocols[provider.protocol], provider, request: encoded.request, credential: ready.credential, deadlines, limits };
  const open = async (until: StopSignal, stopClock: () => void): Promise<Tried<Opened>> => {
    const result = await attempt(host, { ...call, signal: until, onHeaders: streams ? undefined : () => stopClock });
    if (result.kind !== "opened") return result;
    return streams ? { kind: "opened", value: streamed(result.events, encoded.losses) } : whole(result.events, result.response.status, encoded.losses);
  };
  const patienceMs = streams ? patienceWith(facts) : facts.remainingMs;
  const clock = { signal: facts.signal, firstTokenMs: Math.min(deadlines.firstTokenMs, patienceMs), after: afterOf(host) };
  // What a vendor writes to stay connected is no content: an answer in one piece keeps to the clock as well.
  return untilFirstToken(clock, open);
}

/** As long as a stream's first content may take. */
const LEFT_FOR_NEXT_MS = 60_000;

/**
 * Who is silent for all the time that there is leaves none to who would take over, and a model that reasons may be silent that long. An answer in one piece
 * is silent until it is there: to leave it half-way would be to pay for it, and for another one.
 */
function patienceWith({ isLast, remainingMs }: TryFacts): number {
  return isLast ? remainingMs : Math.max(remainingMs / 2, remainingMs - LEFT_FOR_NEXT_MS);
}

/** What the request says of losses, else the config. */
function refusedBy({ understood: { losses }, generation }: Asking): string | undefined {
  if (losses === undefined) return lossesRefusedBy(generation.limits);
  return losses === "refused" ? "losses is refused" : undefined;
}

/** An answer in one piece that breaks off is no answer: the next one is asked. */
async function whole(events: AsyncIterable<ChatEvent>, status: number, lost: readonly Loss[]): Promise<Tried<Opened>> {
  const all: ChatEvent[] = [];
  for await (const event of events) {
    if (event.kind === "failed") return { kind: "refused", failure: { status, ...event.failure } };
    all.push(event);
  }
  return { kind: "opened", value: { events: inHand(all), lost, over: Promise.resolve() } };
}

async function* inHand(events: readonly ChatEvent[]): AsyncGenerator<ChatEvent> {
  yield* events;
}

function streamed(events: AsyncIterable<ChatEvent>, lost: readonly Loss[]): Opened {
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* read(): AsyncGenerator<ChatEvent> {
    try {
      yield* events;
    } finally {
      finish();
    }
  }
  return { events: read(), lost, over };
}

/** A program has no server's clock: the machine's own waits. */
function afterOf(host: Host): RelayCall["after"] {
  return (ms, act) => {
    const ticking = new AbortController();
    host.wait(ms, ticking.signal).then(act, () => undefined);
    return () => ticking.abort();
  };
}
