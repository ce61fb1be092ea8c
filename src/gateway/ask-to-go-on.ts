import { refText } from "../catalog/model-ref.ts";
import type { ChatEvent } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { assertNever } from "../kernel/errors.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import type { Begun } from "../protocols/server-protocol.ts";
import { attempt } from "../routing/attempt.ts";
import type { GoingOn } from "../routing/continue.ts";
import { behind } from "../routing/continue-match.ts";
import { prefilled, type Prefill, prefillFor } from "../routing/continue-prefill.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { askInOther, encodeFor, lossesRefusedBy } from "../routing/encode-for.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { RunOptions, Tried, TryFacts } from "../routing/run-types.ts";
import { askWithBody } from "../routing/signed-call.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import { lostFields } from "../routing/translate.ts";
import { untilFirstToken } from "../routing/until-first-token.ts";
import type { Asked, Understood } from "./asked.ts";
import { askWithCallIds, mayHoldCallIds } from "./call-ids.ts";
import { credentialFor } from "./credential-for.ts";
import type { ReadBody } from "./request-body.ts";
import { bodyOf, signedBody, signedCall } from "./signed-reasoning.ts";
import { upstreamRequest } from "./upstream-request.ts";

/** It says something else than what the client has already. These two are nobody's fault, and say nothing of who else may go on. */
const DIFFERS: UpstreamFailure = { reason: "unknown", rule: "continue/differs" };
const NOT_TAKEN: UpstreamFailure = { reason: "unknown", status: 400, rule: "continue/prefill" };

/** Asks a candidate for what follows: behind a prefill where it takes one, else for all of it, of which what the client has is cut off. */
export function askToGoOn(asked: Asked, understood: Understood, begun: Begun): RunOptions<GoingOn>["tryOne"] {
  /** They did not take the prefill. */
  const anew = new Set<string>();
  return async (candidate, facts) => {
    const name = `${refText(candidate.model.ref)} ${candidate.profile?.id ?? ""}`;
    const prefill = anew.has(name) ? undefined : prefillFor(candidate.model, understood.chat, begun.text);
    const tried = await askOne({ candidate, facts, asked, understood, begun, prefill });
    if (tried.kind === "unfit" && tried.again) anew.add(name);
    return tried;
  };
}

interface Asking {
  readonly candidate: Candidate;
  readonly facts: TryFacts;
  readonly asked: Asked;
  readonly understood: Understood;
  readonly begun: Begun;
  readonly prefill: Prefill | undefined;
}

async function askOne(asking: Asking): Promise<Tried<GoingOn>> {
  const { candidate, facts, asked, understood } = asking;
  const { inference, body, generation } = asked;
  const { model } = candidate;
  const { endpoint, passport } = inference;
  const call = signedCall(candidate, facts, asked);
  if (model.provider.protocol !== endpoint.dialect) return askInOther(understood.chat, call, (fitted) => askOther(fitted, asking));
  const address = generation.addressOf(endpoint, model);
  if (address.kind === "unaddressed") return { kind: "withheld", why: address.why };
  return askWithBody(signedBody(body, endpoint.dialect), call, async (fitted) => {
    const own = fitted === undefined ? ({ kind: "body", body } as const) : bodyOf(fitted, asked);
    if (own.kind === "withheld") return own;
    const send = (sent: ReadBody): Promise<Tried<GoingOn>> => sendOne(upstreamRequest(address.addressed, sent, passport.headers), fitted?.lost ?? [], asking);
    return mayHoldCallIds(asked, own.body) ? askWithCallIds(own.body, asking, send) : send(own.body);
  });
}

async function askOther({ chat, losses }: Fitted, asking: Asking): Promise<Tried<GoingOn>> {
  const { candidate, asked, understood } = asking;
  const { account, limits } = asked.generation;
  const streamed = { chat: { ...chat, stream: true }, losses: [...understood.losses, ...losses] };
  const encoded = encodeFor(candidate.model, streamed, { account, refusedBy: lossesRefusedBy(limits) });
  return encoded.kind === "withheld" ? encoded : sendOne(encoded.request, lostFields(encoded.losses), asking);
}

/** The clock of the first token stops with the first piece: what the client has is said again before anything new. */
async function sendOne(request: HttpRequest, lost: readonly string[], { candidate, facts, asked, begun, prefill }: Asking): Promise<Tried<GoingOn>> {
  const { inference, generation, route, shared } = asked;
  const { host, machine } = shared;
  const { model, profile } = candidate;
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const { provider } = model;
  const standard = deadlinesFor(model, generation.limits, "streamed");
  const deadlines = { ...standard, totalMs: Math.max(1, standard.totalMs - (host.monotonicMs() - inference.startedMs)) };
  const limits = generation.limits.reading;
  const shorter = prefill === undefined ? undefined : prefilled(request, prefill);
  const already = shorter === undefined || prefill === undefined ? begun.text : prefill.already;
  const call = { protocol: protocols[provider.protocol], provider, request: shorter ?? request, credential: ready.credential, deadlines, limits };
  const clock = { signal: facts.signal, firstTokenMs: Math.min(deadlines.firstTokenMs, facts.remainingMs), after: machine.after };
  const tried = await untilFirstToken(clock, async (signal): Promise<Tried<Answer>> => {
    const result = await attempt(host, { ...call, signal });
    return result.kind === "opened" ? { kind: "opened", value: answerOf(result.events) } : result;
  });
  if (tried.kind === "refused" && shorter !== undefined && tried.failure.reason === "format") return { kind: "unfit", failure: NOT_TAKEN, again: true };
  return tried.kind === "opened" ? matching(tried.value, lost, { already, again: shorter !== undefined }) : tried;
}

/** `over` resolves when nobody reads it any more. */
interface Answer {
  readonly events: AsyncIterable<ChatEvent>;
  readonly close: () => void;
  readonly over: Promise<void>;
}

function answerOf(events: AsyncIterable<ChatEvent>): Answer {
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const iterator = events[Symbol.asyncIterator]();
  const close = (): void => {
    finish();
    void iterator.return?.();
  };
  return { events: { [Symbol.asyncIterator]: () => iterator }, close, over };
}

/** `again`: it was asked for a part, and may be asked for all of it. */
async function matching(
  { events, close }: Answer,
  lost: readonly string[],
  { already, again }: { readonly already: string; readonly again: boolean },
): Promise<Tried<GoingOn>> {
  const matched = await behind(already, events);
  switch (matched.kind) {
    case "goes on":
      return { kind: "opened", value: { events: matched.events, close, lost } };
    case "failed":
      close();
      return { kind: "refused", failure: matched.failure };
    case "differs":
      close();
      return { kind: "unfit", failure: DIFFERS, again };
    default:
      return assertNever(matched);
  }
}
