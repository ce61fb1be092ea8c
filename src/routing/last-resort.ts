import { SHORT_HINT_MS } from "./after-refusal.ts";
import type { Candidate } from "./failover-plan.ts";
import type { RunOptions } from "./run-types.ts";
import { mayStillAnswer, remainingMs, restingNow, type RunState, sameCandidate } from "./run-state.ts";

/** At most this long at a time: meanwhile somebody else may have found that it answers. */
const LONGEST_WAIT_MS = 1000;
const SHORTEST_WAIT_MS = 50;

/**
 * All that are left rest. The one that returns first is waited for while there is time; else one request in half a minute tries the soonest, so
 * that no rest outlasts its cause by much. undefined: look again.
 */
export async function lastResort<T>(state: RunState, options: RunOptions<T>): Promise<Candidate | "nobody" | undefined> {
  const { host, ledger, waits = "yes", replan } = options;
  const [soonest, ...others] = restingNow(state, options);
  // Who has a part of an answer waits for nobody who rests: the rest of it would hardly be the same.
  if (soonest === undefined || options.before !== undefined) return "nobody";
  const waitMs = soonest.untilMs - host.nowMs();
  const patienceMs = waits === "briefly" ? SHORT_HINT_MS : remainingMs(state, options);
  if (waits !== "no" && waitMs <= Math.min(patienceMs, remainingMs(state, options))) {
    if (!(await waited(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitMs)), options))) return undefined;
    state.plan = await replan();
    state.queue = state.plan.candidates.filter((candidate) => mayStillAnswer(candidate, state));
    return undefined;
  }
  const untried = [soonest, ...others].find(({ candidate }) => !state.refusals.some((refusal) => sameCandidate(refusal.candidate, candidate)));
  if (untried === undefined || state.hasProbed) return "nobody";
  state.hasProbed = true;
  return (await ledger.claim(untried, "probe")) ? untried.candidate : "nobody";
}

/** false: the caller has gone. */
export async function waited<T>(ms: number, { host, signal }: RunOptions<T>): Promise<boolean> {
  try {
    if (ms > 0) await host.wait(ms, signal);
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
}
