import type { UpstreamFailure } from "../chat/failure.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Candidate, FailoverPlan } from "./failover-plan.ts";
import { type Again, againAfter, remainingAfter } from "./after-refusal.ts";
import { endpointOf } from "./rest-key.ts";
import { lastResort, waited } from "./last-resort.ts";
import {
  drop,
  exhausted,
  factsFor,
  isAfforded,
  isInTurn,
  leave,
  refused,
  remainingMs,
  requestCount,
  type RunState,
  startRun,
  type StoppedBy,
} from "./run-state.ts";

import type { Ran, RunOptions, Tried } from "./run-types.ts";

/** Asks one after the other until one has opened its answer. What upstreams do is never thrown. */
export async function runPlan<T>(plan: FailoverPlan, options: RunOptions<T>): Promise<Ran<T>> {
  const state = startRun(plan, options);
  let again: Next | undefined;
  for (;;) {
    let next = again;
    if (next === undefined) {
      const stop = stopOf(state, options);
      if (stop !== undefined) return exhausted(stop, state, options);
      const chosen = choose(state, options);
      const candidate = chosen instanceof Promise ? await chosen : chosen;
      if (candidate === "nobody") return exhausted("nobody", state, options);
      if (candidate === undefined) continue;
      next = { candidate, had: [] };
    }
    const one = { ...next, startedMs: options.host.nowMs() };
    const tried = await options.tryOne(one.candidate, factsFor(one.candidate, state, options));
    if (tried.kind === "opened") return opened(tried, one, state, options);
    const found = await notOpened(tried, one, state, options);
    if (found === "cancelled") return exhausted(found, state, options);
    again = found;
  }
}

/** A candidate that is to be asked, and after which refusals it was asked again already. */
interface Next {
  readonly candidate: Candidate;
  readonly had: readonly Again["kind"][];
}

interface Try extends Next {
  readonly startedMs: number;
}

function stopOf<T>(state: RunState, options: RunOptions<T>): StoppedBy | undefined {
  if (options.signal.aborted) return "cancelled";
  if (state.attempts >= options.limits.attempts) return "attempts";
  return remainingMs(state, options) <= 0 ? "deadline" : undefined;
}

/** Who is asked next, if it is this request that asks. undefined: look again. */
function choose<T>(state: RunState, options: RunOptions<T>): Soon<Candidate | "nobody" | undefined> {
  const candidate = state.queue.find((one) => isInTurn(one, state, options));
  if (candidate === undefined) return lastResort(state, options);
  if (!isAfforded(candidate, state, options)) {
    drop(candidate, "retry_budget", "is at an address that has failed so often that no request asks there twice", state);
    return undefined;
  }
  state.queue = state.queue.filter((other) => other !== candidate);
  return candidate.isTrial ? claimed(candidate, state, options) : candidate;
}

async function claimed<T>(candidate: Candidate, state: RunState, options: RunOptions<T>): Promise<Candidate | undefined> {
  if (await options.ledger.claim({ candidate, rows: [] }, "trial")) return candidate;
  state.plan = await options.replan();
  return undefined;
}

function opened<T>(
  { value, isUnasked }: Extract<Tried<T>, { kind: "opened" }>,
  { candidate, startedMs }: Try,
  state: RunState,
  { ledger, buckets, opens }: RunOptions<T>,
): Ran<T> {
  if (isUnasked === true) ledger.release(candidate);
  else {
    if (opens === "streams") ledger.begun(candidate, startedMs);
    else ledger.succeeded(candidate, startedMs);
    buckets.earn(endpointOf(candidate.model));
  }
  const { refusals, plan, dropped } = state;
  return { kind: "opened", value, candidate, attempts: requestCount(state), refusals, passedOver: [...plan.passedOver, ...dropped] };
}

/** The same candidate, asked again as its failure allows; undefined: the next one. */
async function notOpened<T>(
  tried: Exclude<Tried<T>, { kind: "opened" }>,
  one: Try,
  state: RunState,
  options: RunOptions<T>,
): Promise<Next | undefined | "cancelled"> {
  const { candidate, had, startedMs } = one;
  const { ledger } = options;
  if (tried.kind === "withheld") {
    ledger.release(candidate);
    state.attempts--;
    drop(candidate, "withheld", tried.why, state);
    return undefined;
  }
  const { failure } = tried;
  refused({ candidate, failure, startedMs }, state, options);
  if (tried.kind === "unfit") {
    ledger.release(candidate);
    if (tried.again && isInTurn(candidate, state, options) && stopOf(state, options) === undefined) return { candidate, had };
    await leave(candidate, failure, state, options);
    return undefined;
  }
  state.found.unshift({ endpoint: endpointOf(candidate.model), as: failure });
  if (failure.reason === "cancelled" || options.signal.aborted) {
    ledger.release(candidate);
    return "cancelled";
  }
  return askedAgain(one, failure, state, options);
}

/** The same candidate, or the same with its login renewed; undefined once it is left. Each way once. */
async function askedAgain<T>({ candidate, had, startedMs }: Try, failure: UpstreamFailure, state: RunState, options: RunOptions<T>): Promise<Next | undefined> {
  const { host, ledger, renew } = options;
  const others = remainingAfter(state.queue, candidate, failure);
  const again = againAfter(failure, { isLeft: others.some((other) => isInTurn(other, state, options)), random: host.random() });
  const isAllowed = again.kind !== "no" && !had.includes(again.kind) && isInTurn(candidate, state, options) && stopOf(state, options) === undefined;
  const next = [...had, again.kind];
  if (isAllowed && again.kind === "renewed" && candidate.profile?.credential.kind === "oauth") {
    const profile = await renew?.(candidate.profile);
    if (profile !== undefined) return { candidate: { ...candidate, profile }, had: next };
  }
  ledger.failed(candidate, failure, startedMs);
  if (isAllowed && again.kind === "after" && again.waitMs < remainingMs(state, options) && isAfforded(candidate, state, options)) {
    if (await waited(again.waitMs, options)) return { candidate, had: next };
  }
  await leave(candidate, failure, state, options);
  return undefined;
}
