import type { UpstreamFailure } from "../chat/failure.ts";
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

import type { Ran, RunOptions } from "./run-plan.ts";

/** Asks one after the other until one has opened its answer. What upstreams do is never thrown. */
export async function runPlan<T>(plan: FailoverPlan, options: RunOptions<T>): Promise<Ran<T>> {
  const state = startRun(plan, options);
  for (;;) {
    const stop = stopOf(state, options);
    if (stop !== undefined) return exhausted(stop, state, options);
    const candidate = state.queue.find((one) => isInTurn(one, state, options));
    const found = candidate === undefined ? lastResort(state, options) : taken(candidate, state, options);
    const next = found instanceof Promise ? await found : found;
    if (next === "nobody") return exhausted("nobody", state, options);
    const ran = next === undefined ? undefined : await tryWith(next, state, options);
    if (ran !== undefined) return ran;
  }
}

function stopOf<T>(state: RunState, options: RunOptions<T>): StoppedBy | undefined {
  if (options.signal.aborted) return "cancelled";
  if (state.attempts >= options.limits.attempts) return "attempts";
  return remainingMs(state, options) <= 0 ? "deadline" : undefined;
}

/** The candidate, if it is this request that asks it. */
function taken<T>(candidate: Candidate, state: RunState, options: RunOptions<T>): Candidate | undefined | Promise<Candidate | undefined> {
  if (!isAfforded(candidate, state, options)) {
    drop(candidate, "retry_budget", "has failed so often that it is not asked twice for one request", state);
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

/** One candidate, asked once or again as its failures allow. undefined: the next one. */
async function tryWith<T>(first: Candidate, state: RunState, options: RunOptions<T>): Promise<Ran<T> | undefined> {
  const { host, ledger, buckets } = options;
  const had: Again["kind"][] = [];
  for (let candidate = first; ; ) {
    const startedMs = host.nowMs();
    const tried = await options.tryOne(candidate, factsFor(candidate, state, options));
    if (tried.kind === "opened") {
      if (tried.isUnasked === true) ledger.release(candidate);
      else if (options.opens === "streams") ledger.begun(candidate, startedMs);
      else ledger.succeeded(candidate, startedMs);
      if (tried.isUnasked !== true) buckets.earn(endpointOf(candidate.model));
      const { refusals } = state;
      return {
        kind: "opened",
        value: tried.value,
        candidate,
        attempts: requestCount(state),
        refusals,
        passedOver: [...state.plan.passedOver, ...state.dropped],
      };
    }
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
      if (tried.again && isInTurn(candidate, state, options) && stopOf(state, options) === undefined) continue;
      await leave(candidate, failure, state, options);
      return undefined;
    }
    state.found.unshift({ endpoint: endpointOf(candidate.model), as: failure.reason });
    if (failure.reason === "cancelled" || options.signal.aborted) {
      ledger.release(candidate);
      return exhausted("cancelled", state, options);
    }
    const again = await askedAgain(candidate, tried.failure, startedMs, had, state, options);
    if (again === undefined) return undefined;
    candidate = again;
  }
}

/** The same candidate, or the same with its login renewed; undefined once it is left. Each way once. */
async function askedAgain<T>(
  candidate: Candidate,
  failure: UpstreamFailure,
  startedMs: number,
  had: Again["kind"][],
  state: RunState,
  options: RunOptions<T>,
): Promise<Candidate | undefined> {
  const { host, ledger, renew } = options;
  const others = remainingAfter(state.queue, candidate, failure);
  const again = againAfter(failure, { isLeft: others.some((other) => isInTurn(other, state, options)), random: host.random() });
  const isAllowed = again.kind !== "no" && !had.includes(again.kind) && isInTurn(candidate, state, options) && stopOf(state, options) === undefined;
  had.push(again.kind);
  if (isAllowed && again.kind === "renewed" && candidate.profile?.credential.kind === "oauth") {
    const profile = await renew?.(candidate.profile);
    if (profile !== undefined) return { ...candidate, profile };
  }
  ledger.failed(candidate, failure, startedMs);
  if (isAllowed && again.kind === "after" && again.waitMs < remainingMs(state, options) && isAfforded(candidate, state, options)) {
    if (await waited(again.waitMs, options)) return candidate;
  }
  await leave(candidate, failure, state, options);
  return undefined;
}
