import type { Host } from "../kernel/host.ts";
import type { Soon } from "../kernel/soon.ts";
import type { StateStore } from "../state/state-store.ts";
import type { FailoverPlan, Needs } from "./failover-plan.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Limits } from "./limits.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { openPlanner, type PlannerInput } from "./planner.ts";
import { openRetryBuckets, type RetryBuckets } from "./retry-bucket.ts";
import type { Route } from "./route.ts";
import { runPlan } from "./run-candidates.ts";
import type { Ran, RunOptions } from "./run-types.ts";
import { openSignedMemory, type SignedMemory } from "./signed-memory.ts";

/** What routing remembers between requests. One for a process. */
export interface Routing {
  readonly ledger: Ledger;
  readonly buckets: RetryBuckets;
  readonly signed: SignedMemory;
  /** A promise where something has to be read for it. */
  plan(route: Route, facts: PlanFacts, needs?: Needs): Soon<FailoverPlan>;
  /** Plans and runs one request. */
  answer<T>(route: Route, facts: PlanFacts, needs: Needs, call: AnswerCall<T>): Promise<Ran<T>>;
}

export type AnswerCall<T> = Pick<RunOptions<T>, "tryOne" | "signal" | "renew" | "waits" | "before" | "opens">;

export interface RoutingInput {
  readonly host: Host;
  readonly store: StateStore;
  /** Read at each failure. */
  readonly limits: Pick<Limits, "cooldowns">;
  readonly markOf: PlanFacts["markOf"];
  readonly windowsOf?: PlannerInput["windowsOf"];
  /** A faster one than the host's, for who digests on every request. */
  readonly sha256?: (text: string) => string;
}

export function openRouting({ host, store, limits, markOf, windowsOf, sha256 = (text) => host.sha256(text) }: RoutingInput): Routing {
  const ledger = openLedger({ host, store, limits, markOf });
  const buckets = openRetryBuckets();
  const planner = openPlanner({ host, store, ledger, windowsOf });
  return {
    ledger,
    buckets,
    signed: openSignedMemory(sha256),
    plan: (route, facts, needs = {}) => planner.plan(route, facts, needs),
    answer: (route, facts, needs, call) => {
      const { attempts, attemptsPerProvider } = facts.limits.gateway;
      const options = {
        tryOne: call.tryOne,
        signal: call.signal,
        renew: call.renew,
        before: call.before,
        opens: call.opens,
        // Who names one model alone decides alone how long to wait for it.
        waits: call.waits ?? (route.strict === "no" ? "yes" : "briefly"),
        ledger,
        buckets,
        host,
        limits: { attempts, attemptsPerProvider, attemptsMs: facts.limits.timeouts.attemptsMs },
        replan: async () => planner.plan(route, facts, needs),
      };
      const running = started(() => planner.plan(route, facts, needs), options);
      const { conversation } = needs;
      if (conversation === undefined) return running;
      return running.then((ran) => {
        if (ran.kind === "opened") planner.answered(conversation, ran.candidate);
        return ran;
      });
    },
  };
}

function started<T>(plan: () => Soon<FailoverPlan>, options: RunOptions<T>): Promise<Ran<T>> {
  try {
    const planned = plan();
    return planned instanceof Promise ? planned.then((first) => runPlan(first, options)) : runPlan(planned, options);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}
