import type { ChatEvent, Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { renewed } from "../gateway/credential-for.ts";
import { costOfAnswer } from "../gateway/note-use.ts";
import { AppError } from "../kernel/errors.ts";
import { redactStrictly } from "../kernel/redact.ts";
import { answerOf } from "../protocols/answer-blocks.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { Route } from "../routing/route.ts";
import type { Ran } from "../routing/run-types.ts";
import { createSignedCollector } from "../routing/signed-collector.ts";
import { type Answer, type Attempt, attemptsOf, messageOf, type PassedOver, passedOverOf, type ServedBy, servedBy, textOf, toolCallsOf } from "./answer.ts";
import { askCandidate, type Asking, type Opened } from "./ask-candidate.ts";
import type { Engine } from "./engine.ts";
import { invalid, isWritable } from "./given-value.ts";
import { noteUse, type Used } from "./note-use.ts";
import { type SignalboxRequest, type Understood, understood } from "./request.ts";
import { UpstreamExhausted } from "./upstream-exhausted.ts";

/** What a streamed answer is made of: `opened` first, then pieces and `usage`, at the end exactly one `done` or `failed`. */
export type StreamEvent =
  | ChatEvent
  | {
      readonly kind: "opened";
      readonly servedBy: ServedBy;
      readonly attempts: readonly Attempt[];
      readonly passedOver: readonly PassedOver[];
      readonly lost: readonly Loss[];
    };

type OpenedRun = Extract<Ran<Opened>, { kind: "opened" }>;

interface Running {
  readonly engine: Engine;
  readonly asked: string;
  readonly ran: OpenedRun;
  readonly startedMs: number;
  readonly openedMs: number;
}

/** Throws what `routeOf` throws, REQUEST_INVALID, UPSTREAM_EXHAUSTED, and the signal's reason. */
export async function chat(engine: Engine, request: SignalboxRequest, caller: AbortSignal | undefined): Promise<Answer> {
  const { signal, over } = engine.enter(caller);
  try {
    const running = await run(engine, understood(request), signal, "answer");
    const { candidate, value } = running.ran;
    const events: ChatEvent[] = [];
    const signed = createSignedCollector();
    for await (const event of value.events) {
      events.push(event);
      if (event.kind === "signature") signed.see(event);
    }
    const { blocks, stop, stopSequence, usage } = answerOf(events);
    note(running, "answer", { outcome: "answered", usage });
    engine.routing.signed.learn(signed.all, candidate);
    const cost = costOfAnswer(candidate, usage);
    return {
      text: textOf(blocks),
      content: blocks,
      toolCalls: toolCallsOf(blocks),
      stop,
      ...(stopSequence !== undefined && { stopSequence }),
      usage,
      ...(cost !== undefined && { costUsd: cost }),
      ...howItCame(running.ran),
      message: messageOf(blocks),
    };
  } finally {
    over();
  }
}

/** The same as events. Who stops reading ends the request at the vendor. */
export async function* stream(
  engine: Engine,
  request: SignalboxRequest,
  ...signals: readonly (AbortSignal | undefined)[]
): AsyncGenerator<StreamEvent, void, undefined> {
  const { signal, over } = engine.enter(...signals);
  try {
    yield* followed(await run(engine, understood(request), signal, "stream"), signal);
  } finally {
    over();
  }
}

/** Who answered, and who did not. */
function howItCame({ candidate, refusals, passedOver, value }: OpenedRun): Pick<Answer, "servedBy" | "attempts" | "passedOver" | "lost"> {
  return { servedBy: servedBy(candidate), attempts: attemptsOf(refusals), passedOver: passedOverOf(passedOver, refusals), lost: value.lost };
}

async function* followed(running: Running, signal: AbortSignal): AsyncGenerator<StreamEvent, void, undefined> {
  const { engine, ran } = running;
  const openedAtMs = engine.host.nowMs();
  let end: Pick<Used, "outcome" | "reason" | "usage"> = { outcome: "cancelled", usage: {} };
  const signed = createSignedCollector();
  const events = ran.value.events[Symbol.asyncIterator]();
  try {
    // It is in hand already. A generator that was never started would not end the request when it is left at `opened`.
    const first = await events.next();
    yield { kind: "opened", ...howItCame(ran) };
    for (let next = first; next.done !== true; next = await events.next()) {
      const event = next.value;
      if (event.kind === "failed" && signal.aborted) throw signal.reason;
      end = ended(end, event);
      if (event.kind === "signature") signed.see(event);
      if (event.kind === "failed") engine.routing.ledger.brokeOff(ran.candidate, event.failure, openedAtMs);
      else if (event.kind === "done") engine.routing.ledger.completed(ran.candidate, openedAtMs);
      yield event.kind === "failed" ? { ...event, failure: withoutSecrets(event.failure) } : event;
    }
  } finally {
    await events.return?.();
    engine.routing.signed.learn(signed.all, ran.candidate);
    note(running, "stream", end);
  }
}

/** A vendor's own words may repeat the key that it was asked with. */
function withoutSecrets({ code, message, requestId, ...failure }: UpstreamFailure): UpstreamFailure {
  return {
    ...failure,
    ...(code !== undefined && { code: redactStrictly(code) }),
    ...(message !== undefined && { message: redactStrictly(message) }),
    ...(requestId !== undefined && { requestId: redactStrictly(requestId) }),
  };
}

function ended(end: Pick<Used, "outcome" | "reason" | "usage">, event: ChatEvent): Pick<Used, "outcome" | "reason" | "usage"> {
  if (event.kind === "usage") return { ...end, usage: { ...end.usage, ...event.usage } };
  if (event.kind === "done") return { ...end, outcome: "answered" };
  return event.kind === "failed" ? { ...end, outcome: "cut", reason: event.failure.reason } : end;
}

async function run(engine: Engine, asked: Understood, signal: AbortSignal, awaits: Asking["awaits"]): Promise<Running> {
  const { host, routing } = engine;
  const generation = await engine.now();
  const route = generation.route(asked.model, asked.needs);
  await host.prepareHttp();
  const startedMs = host.monotonicMs();
  const asking: Asking = { engine, generation, route, understood: asked, awaits };
  const ran = await routing.answer<Opened>(route, generation.factsOf(route.agentId), asked.needs, {
    tryOne: (candidate, facts) => askCandidate(candidate, facts, asking).catch((thrown: unknown) => Promise.reject(asInvalid(thrown, asked))),
    renew: (profile) => renewed(generation.refreshInputOf(route.agentId), profile),
    opens: awaits === "stream" ? "streams" : "whole answers",
    signal,
  });
  const openedMs = host.monotonicMs();
  if (ran.kind === "opened") return { engine, asked: asked.model, ran, startedMs, openedMs };
  const isCancelled = ran.stoppedBy === "cancelled" || signal.aborted;
  noteUse(engine, { ran, asked: asked.model, streamed: awaits === "stream", outcome: isCancelled ? "cancelled" : "failed", usage: {}, startedMs, openedMs });
  if (isCancelled) throw signal.reason;
  throw exhausted(asked.model, ran, route);
}

/** What cannot be written as JSON is found where it is written: only then is it looked for. */
function asInvalid(thrown: unknown, { chat }: Understood): unknown {
  const field = thrown instanceof AppError ? undefined : Object.entries(chat).find(([, value]) => !isWritable(value))?.[0];
  return field === undefined ? thrown : invalid(field, "cannot be written as JSON: it holds a cycle, a BigInt, or what throws when it is written");
}

function exhausted(asked: string, { refusals, passedOver, retryAfterMs }: Extract<Ran<Opened>, { kind: "exhausted" }>, { models }: Route): UpstreamExhausted {
  const [first] = models;
  const keys = first?.provider.auth.find(({ kind }) => kind === "api_key");
  const missing = first === undefined ? undefined : { provider: first.ref.provider, variable: keys !== undefined && "env" in keys ? keys.env[0] : undefined };
  return new UpstreamExhausted(asked, { attempts: attemptsOf(refusals), passedOver: passedOverOf(passedOver, refusals), retryAfterMs, missing });
}

function note(
  { engine, asked, ran, startedMs, openedMs }: Running,
  awaits: Asking["awaits"],
  end: Pick<Used, "outcome" | "reason"> & { readonly usage: Usage },
): void {
  noteUse(engine, { ran, asked, streamed: awaits === "stream", startedMs, openedMs, ...end });
}
