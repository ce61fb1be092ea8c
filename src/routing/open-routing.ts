import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { StateStore } from "../state/state-store.ts";
import type { FailoverPlan, Needs } from "./failover-plan.ts";
import { failoverPlan } from "./plan-failover.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Limits } from "./limits.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { openRetryBuckets, type RetryBuckets } from "./retry-bucket.ts";
import type { WindowLeft } from "./profile-choice.ts";
import type { Route } from "./route.ts";
import { rememberPlans } from "./steady-plan.ts";
import { openSpentToday } from "./spent-today.ts";
import { runPlan } from "./run-candidates.ts";
import type { Ran, RunOptions } from "./run-plan.ts";
import { openSignedMemory, type SignedMemory } from "./signed-memory.ts";

/** What routing remembers between requests. One for a process. */
export interface Routing {
  readonly ledger: Ledger;
  readonly buckets: RetryBuckets;
  readonly signed: SignedMemory;
  plan(route: Route, facts: PlanFacts, needs?: Needs): Promise<FailoverPlan>;
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
  /** What is left of the accounts' usage windows, as somebody knows it now. Asked at each plan. */
  readonly windowsOf?: () => ReadonlyMap<string, readonly WindowLeft[]>;
  /** A faster one than the host's, for who digests on every request. */
  readonly sha256?: (text: string) => string;
}

/** So many conversations are remembered; the longest unused goes first. */
const MAX_CONVERSATIONS = 10_000;

export function openRouting({ host, store, limits, markOf, windowsOf, sha256 = (text) => host.sha256(text) }: RoutingInput): Routing {
  const ledger = openLedger({ host, store, limits, markOf });
  const buckets = openRetryBuckets();
  const accounts = new Map<string, string>();
  const lastOf = (conversation: string, provider: ProviderId): string | undefined => accounts.get(`${provider} ${conversation}`);
  const spent = openSpentToday(host, store);
  const plans = rememberPlans();
  const plan = async (route: Route, facts: PlanFacts, needs: Needs = {}): Promise<FailoverPlan> => {
    // Nobody adds up a day's requests for whom no sum is set.
    const isCapped = facts.spentToday === undefined && Object.keys(facts.limits.routing.dailyUsd).length > 0;
    const spentToday = isCapped ? await spent.byModel() : facts.spentToday;
    const windows = facts.windows ?? windowsOf?.();
    const rows = ledger.rowsAtHand() ?? (await ledger.rows());
    const nowMs = host.nowMs();
    const make = (): FailoverPlan => {
      const now = { ...facts, lastOf, ...(spentToday !== undefined && { spentToday }), ...(windows !== undefined && { windows }) };
      return failoverPlan(route, now, rows, nowMs, needs);
    };
    return spentToday === undefined ? plans.planFor(route, { facts, rows, nowMs, needs }, make) : make();
  };
  return {
    ledger,
    buckets,
    signed: openSignedMemory(sha256),
    plan,
    answer: async (route, facts, needs, call) => {
      const first = await plan(route, facts, needs);
      const { attempts, attemptsPerProvider } = facts.limits.gateway;
      const run = { attempts, attemptsPerProvider, attemptsMs: facts.limits.timeouts.attemptsMs };
      // Who names one model alone decides alone how long to wait for it.
      const waits = call.waits ?? (route.strict === "no" ? "yes" : "briefly");
      const ran = await runPlan(first, {
        tryOne: call.tryOne,
        signal: call.signal,
        renew: call.renew,
        before: call.before,
        opens: call.opens,
        waits,
        ledger,
        buckets,
        host,
        limits: run,
        replan: () => plan(route, facts, needs),
      });
      if (ran.kind === "opened" && needs.conversation !== undefined && ran.candidate.profile !== undefined)
        remember(accounts, `${ran.candidate.model.ref.provider} ${needs.conversation}`, ran.candidate.profile.id);
      return ran;
    },
  };
}

function remember(accounts: Map<string, string>, key: string, profileId: string): void {
  accounts.delete(key);
  accounts.set(key, profileId);
  const [oldest] = accounts.size > MAX_CONVERSATIONS ? accounts.keys() : [];
  if (oldest !== undefined) accounts.delete(oldest);
}
