import type { ChatEvent } from "../chat/event.ts";
import type { ChatRequest } from "../chat/request.ts";
import { credentialFor } from "../gateway/credential-for.ts";
import type { Host } from "../kernel/host.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { protocols } from "../protocols/index.ts";
import { type Encoding, type Loss, READ_LIMITS } from "../protocols/protocol.ts";
import { deadlinePassed } from "../protocols/thrown.ts";
import { boundField, encodeAs } from "../protocols/translation.ts";
import { attempt } from "../routing/attempt.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Route, RoutedModel } from "../routing/route.ts";
import type { Tried, TryFacts } from "../routing/run-plan.ts";
import { withoutRefused } from "../routing/settings-repair.ts";
import { askWithChat } from "../routing/signed-call.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import type { Engine, Moment } from "./engine.ts";
import type { Understood } from "./request.ts";

/** An answer that has begun. */
export interface Opened {
  readonly events: AsyncIterable<ChatEvent>;
  readonly lost: readonly Loss[];
}

export interface Asking {
  readonly engine: Engine;
  readonly moment: Moment;
  readonly route: Route;
  readonly understood: Understood;
  readonly awaits: "stream" | "answer";
}

/** Asks one candidate, in its own format; once more without signatures where it does not accept them. Never throws for what the network or the vendor does. */
export async function askCandidate(candidate: Candidate, facts: TryFacts, asking: Asking): Promise<Tried<Opened>> {
  const { engine, moment, understood } = asking;
  return askWithChat(understood.chat, {
    memory: engine.routing.signed,
    candidate,
    as: moment.limits.reasoning,
    signal: facts.signal,
    ask: withoutRefused((fitted) => askOnce(candidate, facts, asking, fitted)),
  });
}

async function askOnce({ model, profile }: Candidate, { signal, remainingMs }: TryFacts, asking: Asking, { chat, losses }: Fitted): Promise<Tried<Opened>> {
  const { engine, moment, route, understood, awaits } = asking;
  const { host } = engine;
  const { provider, spec } = model;
  const written = writtenFor(model, asking, chat);
  if (written.kind === "withheld") return written;
  const lost = [...losses, ...written.losses];
  const refused = understood.losses === "refused" ? lost.find(({ how }) => how === "lost") : undefined;
  if (refused !== undefined) return { kind: "withheld", why: `speaks ${provider.protocol}, which cannot say ${refused.field}` };
  const ready = await credentialFor(host, profile, { generation: moment, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor({ spec }, moment.limits, awaits === "stream" ? "streamed" : "one piece");
  const clock = linkedClock(host, signal, awaits === "stream" ? Math.min(deadlines.firstTokenMs, remainingMs) : undefined);
  const limits = { ...READ_LIMITS, streamBytes: moment.limits.gateway.streamBytes };
  const call = {
    protocol: protocols[provider.protocol],
    provider,
    request: written.request,
    credential: ready.credential,
    deadlines,
    limits,
    signal: clock.signal,
  };
  const result = await attempt(host, call).finally(clock.stop);
  if (result.kind !== "opened") {
    clock.unlink();
    return result;
  }
  const events = unlinked(result.events, clock.unlink);
  return awaits === "stream" ? { kind: "opened", value: { events, lost } } : wholeAnswer(events, result.response.status, lost);
}

type Written = Extract<Encoding, { kind: "request" }> | Extract<Tried<Opened>, { kind: "withheld" }>;

function writtenFor({ provider, ref, spec }: RoutedModel, { moment, awaits }: Asking, chat: ChatRequest): Written {
  const bound = boundField(chat, provider.protocol);
  if (bound !== undefined) return { kind: "withheld", why: `speaks ${provider.protocol}, and ${bound} means something to another format alone` };
  const options = { account: moment.account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
  const encoding = encodeAs(protocols[provider.protocol], { ...chat, stream: awaits === "stream" }, ref.model, provider, options);
  if (encoding.kind === "request") return encoding;
  return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
}

/** An answer in one piece that breaks off is no answer: the next one is asked. */
async function wholeAnswer(events: AsyncIterable<ChatEvent>, status: number, lost: readonly Loss[]): Promise<Tried<Opened>> {
  const all: ChatEvent[] = [];
  for await (const event of events) {
    if (event.kind === "failed") return { kind: "refused", failure: { status, ...event.failure } };
    all.push(event);
  }
  return { kind: "opened", value: { events: inHand(all), lost } };
}

async function* inHand(events: readonly ChatEvent[]): AsyncGenerator<ChatEvent> {
  yield* events;
}

async function* unlinked(events: AsyncIterable<ChatEvent>, unlink: () => void): AsyncGenerator<ChatEvent> {
  try {
    yield* events;
  } finally {
    unlink();
  }
}

interface Clock {
  readonly signal: AbortSignal;
  /** The first content is in hand, or there will be none. */
  stop(): void;
  unlink(): void;
}

/** Fires with the caller's signal, and when no content has come in time; an answer in one piece has the host's deadlines alone. */
function linkedClock(host: Host, caller: StopSignal, patienceMs: number | undefined): Clock {
  const controller = new AbortController();
  const leave = (): void => controller.abort(caller.reason);
  if (caller.aborted) leave();
  else caller.addEventListener("abort", leave, { once: true });
  const ticking = new AbortController();
  if (patienceMs !== undefined) {
    host.wait(patienceMs, ticking.signal).then(
      () => controller.abort(deadlinePassed("first_byte")),
      () => undefined,
    );
  }
  return { signal: controller.signal, stop: () => ticking.abort(), unlink: () => caller.removeEventListener("abort", leave) };
}
