import { refText } from "../catalog/model-ref.ts";
import type { ChatEvent } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { assertNever } from "../kernel/errors.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import { READ_LIMITS } from "../protocols/protocol.ts";
import type { Begun } from "../protocols/server-protocol.ts";
import { encodeAs } from "../protocols/translation.ts";
import { attempt } from "../routing/attempt.ts";
import type { GoingOn } from "../routing/continue.ts";
import { behind } from "../routing/continue-match.ts";
import { prefilled, type Prefill, prefillFor } from "../routing/continue-prefill.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { RunOptions, Tried, TryFacts } from "../routing/run-plan.ts";
import { askWithBody, askWithChat } from "../routing/signed-call.ts";
import { untilFirstToken } from "../routing/until-first-token.ts";
import type { Asked, Understood } from "./asked.ts";
import { credentialFor } from "./credential-for.ts";
import { parseBody } from "./request-body.ts";
import { signedCall } from "./signed-reasoning.ts";
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
  if (model.provider.protocol !== endpoint.dialect) return askWithChat(understood.chat, { ...call, ask: (fitted) => askOther(fitted, asking) });
  const address = generation.addressOf(endpoint, model);
  if (address.kind === "unaddressed") return { kind: "withheld", why: address.why };
  return askWithBody(
    { dialect: endpoint.dialect, text: body.text, value: body.value },
    {
      ...call,
      ask: (fitted) => {
        const parsed = fitted === undefined ? undefined : parseBody(fitted.text);
        const own = parsed?.kind === "body" ? parsed.body : body;
        return sendOne(upstreamRequest(address.addressed, own, passport.headers), fitted?.lost ?? [], asking);
      },
    },
  );
}

async function askOther({ chat, losses }: Parameters<Parameters<typeof askWithChat>[1]["ask"]>[0], asking: Asking): Promise<Tried<GoingOn>> {
  const { candidate, asked, understood } = asking;
  const { generation } = asked;
  const { provider, ref, spec } = candidate.model;
  const options = { account: generation.account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
  const encoding = encodeAs(protocols[provider.protocol], { ...chat, stream: true }, ref.model, provider, options);
  if (encoding.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const all = [...understood.losses, ...losses, ...encoding.losses];
  const lost = all.find(({ how }) => how === "lost");
  if (generation.limits.translation === "refuse" && lost !== undefined)
    return { kind: "withheld", why: `speaks ${provider.protocol}, which cannot say ${lost.field} (gateway.translation is refuse)` };
  return sendOne(encoding.request, [...new Set(all.map(({ field }) => field))], asking);
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
  const limits = { ...READ_LIMITS, streamBytes: generation.limits.gateway.streamBytes };
  const shorter = prefill === undefined ? undefined : prefilled(request, prefill);
  const already = shorter === undefined || prefill === undefined ? begun.text : prefill.already;
  const call = { protocol: protocols[provider.protocol], provider, request: shorter ?? request, credential: ready.credential, deadlines, limits };
  const clock = { signal: facts.signal, firstTokenMs: Math.min(deadlines.firstTokenMs, facts.remainingMs), after: machine.after };
  const tried = await untilFirstToken<Answer>(clock, async (signal) => {
    const result = await attempt(host, { ...call, signal });
    return result.kind === "opened" ? { kind: "opened", value: answerOf(result.events) } : result;
  });
  if (tried.kind === "refused" && shorter !== undefined && tried.failure.reason === "format") return { kind: "unfit", failure: NOT_TAKEN, again: true };
  return tried.kind === "opened" ? fitted(tried.value, lost, { already, again: shorter !== undefined }) : tried;
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
async function fitted(
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
