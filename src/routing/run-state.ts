import { refText } from "../catalog/model-ref.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { assertNever } from "../kernel/errors.ts";
import { remainingAfter } from "./after-refusal.ts";
import type { Candidate, FailoverPlan, Passed, PassedReason, Resting } from "./failover-plan.ts";
import { afterFailure, isOfAddress, isOfRequest } from "./failure-policy.ts";
import { endpointOf } from "./rest-key.ts";
import type { Ran, Refusal, RunOptions, TryFacts } from "./run-types.ts";

export type StoppedBy = Extract<Ran<unknown>, { kind: "exhausted" }>["stoppedBy"];

/** Where one request stands: who is still to be asked, who was, and what was spent on it. */
export interface RunState {
  readonly startedMs: number;
  readonly refusals: Refusal[];
  /** Passed over while it ran, besides those of the plan. */
  readonly dropped: Passed[];
  /** The provider of each request that was sent. */
  readonly askedOf: string[];
  /** How each address was found last, the latest first. */
  readonly found: { readonly endpoint: string; readonly as: UpstreamFailure }[];
  plan: FailoverPlan;
  queue: readonly Candidate[];
  attempts: number;
  /** When the last request left, on the clock that never goes back. */
  askedMs: number;
  hasProbed: boolean;
}

const SILENT: UpstreamFailure = { reason: "timeout", rule: "silent" };

export function startRun(plan: FailoverPlan, { host, before = [] }: Pick<RunOptions<unknown>, "host" | "before">): RunState {
  const askedOf: string[] = [];
  const found: RunState["found"] = [];
  let queue = plan.candidates;
  const verdicts = before.filter(isVerdict);
  for (const { candidate, failure } of verdicts) {
    askedOf.push(candidate.model.ref.provider);
    found.unshift({ endpoint: endpointOf(candidate.model), as: failure });
    queue = remainingAfter(
      queue.filter((other) => !sameCandidate(other, candidate)),
      candidate,
      failure,
    );
  }
  const refusals = [...before];
  const startedMs = host.monotonicMs();
  return { startedMs, refusals, dropped: [], askedOf, found, plan, queue, attempts: verdicts.length, askedMs: startedMs, hasProbed: false };
}

/** Whether a refusal says something of the candidate, and not of a request that it was asked again in another way. */
export function isVerdict({ without }: Pick<Refusal, "without">): boolean {
  return without === undefined;
}

/** All requests that were sent, with those that mended what was not accepted. They count for who pays, and not for how often somebody may be asked. */
export function requestCount({ attempts, refusals }: Pick<RunState, "attempts" | "refusals">): number {
  return attempts + refusals.filter((refusal) => !isVerdict(refusal)).length;
}

export function sameCandidate(one: Candidate, other: Candidate): boolean {
  return one.profile?.id === other.profile?.id && refText(one.model.ref) === refText(other.model.ref);
}

export function remainingMs(state: RunState, { host, limits }: Pick<RunOptions<unknown>, "host" | "limits">): number {
  return Math.max(limits.attemptsMs, state.plan.longestAttemptMs) - (host.monotonicMs() - state.startedMs);
}

/** Whether somebody may be asked at this point of the request. */
export function isInTurn(candidate: Candidate, { askedOf, refusals }: RunState, { limits }: Pick<RunOptions<unknown>, "limits">): boolean {
  const { provider } = candidate.model.ref;
  if (askedOf.filter((one) => one === provider).length >= limits.attemptsPerProvider) return false;
  return (
    candidate.onlyAfter === undefined ||
    refusals.some((refusal) => isVerdict(refusal) && candidate.onlyAfter?.some((reason) => reason === refusal.failure.reason))
  );
}

/** Whether what was refused so far leaves it a chance, now or after its rest. */
export function mayStillAnswer(candidate: Candidate, { refusals }: RunState): boolean {
  return refusals.filter(isVerdict).every(({ candidate: refused, failure }) => {
    if (sameCandidate(candidate, refused)) return afterFailure(failure).later === "yes";
    return !isOfRequest(failure) || remainingAfter([candidate], refused, failure).length > 0;
  });
}

export function factsFor(candidate: Candidate, state: RunState, options: Pick<RunOptions<unknown>, "host" | "limits" | "signal">): TryFacts {
  state.attempts++;
  state.askedOf.push(candidate.model.ref.provider);
  // Were it silent: its model's other accounts would then not be asked either.
  const next = remainingAfter(state.queue, candidate, SILENT).filter((other) => !sameCandidate(other, candidate));
  const isLast = state.attempts >= options.limits.attempts || !next.some((other) => isInTurn(other, state, options));
  state.askedMs = options.host.monotonicMs();
  const onRepair: TryFacts["onRepair"] = (failure, without) => refused({ candidate, failure, startedMs: options.host.nowMs(), without }, state, options);
  return { attempt: state.attempts, isLast, signal: options.signal, remainingMs: Math.max(0, remainingMs(state, options)), onRepair };
}

/** Notes the answer to the last request, and that the next one leaves now. */
export function refused(refusal: Omit<Refusal, "tookMs">, state: RunState, { host }: Pick<RunOptions<unknown>, "host">): void {
  const now = host.monotonicMs();
  state.refusals.push({ ...refusal, tookMs: now - state.askedMs });
  state.askedMs = now;
}

/** The others, in the order that the failure gives them, as they stand now. */
export async function leave(refused: Candidate, failure: UpstreamFailure, state: RunState, { replan }: Pick<RunOptions<unknown>, "replan">): Promise<void> {
  const allowed = remainingAfter(
    state.queue.filter((other) => !sameCandidate(other, refused)),
    refused,
    failure,
  );
  state.plan = await replan();
  state.queue = allowed.flatMap((one) => state.plan.candidates.find((fresh) => sameCandidate(fresh, one)) ?? []);
}

export function drop(candidate: Candidate, reason: PassedReason, why: string, state: RunState): void {
  state.dropped.push(passed(candidate, reason, why));
  state.queue = state.queue.filter((other) => !sameCandidate(other, candidate));
}

/**
 * A further attempt at an address that has failed this request draws on what the address is worth, and so does a second one at who refused it. What an
 * address said of one account or one model is no failure of its own: the others there are healthy, however many requests ask at once.
 */
export function isAfforded(candidate: Candidate, state: RunState, { buckets }: Pick<RunOptions<unknown>, "buckets">): boolean {
  const endpoint = endpointOf(candidate.model);
  const before = state.found.find((one) => one.endpoint === endpoint)?.as;
  if (before === undefined) return true;
  const isSecond = state.refusals.some((refusal) => isVerdict(refusal) && sameCandidate(refusal.candidate, candidate));
  return (!isSecond && !isOfAddress(before)) || buckets.take(endpoint, before.reason === "timeout" ? "timeout" : "other");
}

export function restingNow(state: RunState, options: Pick<RunOptions<unknown>, "limits">): readonly Resting[] {
  return state.plan.resting.filter(({ candidate }) => isInTurn(candidate, state, options) && mayStillAnswer(candidate, state));
}

function passed({ profile, model }: Candidate, reason: PassedReason, why: string): Passed {
  return { model: refText(model.ref), ...(profile !== undefined && { profileId: profile.id }), reason, why };
}

/** Those whose turn would have come: who adds a fallback at the end wants to know that nobody got there. */
function unreached(stoppedBy: StoppedBy, { queue }: RunState, { attempts, attemptsPerProvider }: RunOptions<unknown>["limits"]): Passed[] {
  const waiting = queue.filter(({ onlyAfter }) => onlyAfter === undefined);
  switch (stoppedBy) {
    case "attempts":
      return waiting.map((one) => passed(one, stoppedBy, `was not reached: one request has ${attempts} attempts (gateway.limits.attempts)`));
    case "nobody":
      return waiting.map((one) =>
        passed(one, "attempts", `was not reached: one request has ${attemptsPerProvider} attempts at one provider (gateway.limits.attemptsPerProvider)`),
      );
    case "deadline":
      return waiting.map((one) => passed(one, stoppedBy, "was not reached: the time for all attempts was over (gateway.timeouts.attemptsMs)"));
    case "policy":
    case "cancelled":
      return [];
    default:
      return assertNever(stoppedBy);
  }
}

export function exhausted(
  by: StoppedBy,
  state: RunState,
  { host, limits }: Pick<RunOptions<unknown>, "host" | "limits">,
): Extract<Ran<never>, { kind: "exhausted" }> {
  const soonestMs = state.plan.resting[0]?.untilMs;
  const last = state.refusals.findLast(isVerdict)?.failure;
  const stoppedBy = by === "nobody" && last !== undefined && isOfRequest(last) ? "policy" : by;
  const hinted = last?.retryAfterMs;
  const retryAfterMs = soonestMs === undefined ? hinted : Math.max(0, soonestMs - host.nowMs());
  const isCaller = stoppedBy === "policy" || stoppedBy === "cancelled";
  return {
    kind: "exhausted",
    refusals: state.refusals,
    passedOver: [...state.plan.passedOver, ...state.dropped, ...unreached(stoppedBy, state, limits)],
    attempts: requestCount(state),
    stoppedBy,
    ...(retryAfterMs !== undefined && !isCaller && { retryAfterMs }),
  };
}
