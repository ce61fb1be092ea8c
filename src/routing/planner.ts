import type { ProviderId } from "../kernel/ids.ts";
import type { Host } from "../kernel/host.ts";
import type { Soon } from "../kernel/soon.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";
import type { Candidate, FailoverPlan, Needs } from "./failover-plan.ts";
import type { Ledger } from "./ledger.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { failoverPlan } from "./plan-failover.ts";
import type { WindowLeft } from "./profile-choice.ts";
import type { Route } from "./route.ts";
import { openSpentToday } from "./spent-today.ts";
import { rememberPlans } from "./steady-plan.ts";

/** Plans with what this machine's processes know at the moment. */
export interface Planner {
  /** A promise where something has to be read for it. */
  plan(route: Route, facts: PlanFacts, needs: Needs): Soon<FailoverPlan>;
  /** The conversation goes on with this account while it can. */
  answered(conversation: string, candidate: Candidate): void;
}

/** So many conversations are remembered; the longest unused goes first. */
const MAX_CONVERSATIONS = 10_000;

export interface PlannerInput {
  readonly host: Host;
  readonly store: StateStore;
  readonly ledger: Ledger;
  /** What is left of the accounts' usage windows, as somebody knows it now. Asked at each plan. */
  readonly windowsOf?: (() => ReadonlyMap<string, readonly WindowLeft[]>) | undefined;
}

export function openPlanner({ host, store, ledger, windowsOf }: PlannerInput): Planner {
  const accounts = new Map<string, string>();
  const lastOf = (conversation: string, provider: ProviderId): string | undefined => accounts.get(`${provider} ${conversation}`);
  const spent = openSpentToday(host, store);
  const plans = rememberPlans();
  const planWith = (route: Route, facts: PlanFacts, needs: Needs, { rows, spentToday }: Known): FailoverPlan => {
    const windows = facts.windows ?? windowsOf?.();
    const nowMs = host.nowMs();
    const make = (): FailoverPlan => {
      const now = { ...facts, lastOf, ...(spentToday !== undefined && { spentToday }), ...(windows !== undefined && { windows }) };
      return failoverPlan(route, now, rows, nowMs, needs);
    };
    return spentToday === undefined ? plans.planFor(route, { facts, rows, nowMs, needs }, make) : make();
  };
  const known = async (facts: PlanFacts): Promise<Known> => ({
    spentToday: wantsSpent(facts) ? await spent.byModel() : facts.spentToday,
    rows: ledger.rowsAtHand() ?? (await ledger.rows()),
  });
  return {
    plan: (route, facts, needs) => {
      const rows = wantsSpent(facts) ? undefined : ledger.rowsAtHand();
      if (rows === undefined) return known(facts).then((read) => planWith(route, facts, needs, read));
      return planWith(route, facts, needs, { rows, spentToday: facts.spentToday });
    },
    answered: (conversation, { model, profile }) => {
      if (profile !== undefined) remember(accounts, `${model.ref.provider} ${conversation}`, profile.id);
    },
  };
}

interface Known {
  readonly rows: ReadonlyMap<string, RestRow>;
  readonly spentToday: PlanFacts["spentToday"];
}

/** Nobody adds up a day's requests for whom no sum is set. */
function wantsSpent({ spentToday, limits }: PlanFacts): boolean {
  return spentToday === undefined && limits.routing.dailyUsd.size > 0;
}

function remember(accounts: Map<string, string>, key: string, profileId: string): void {
  accounts.delete(key);
  accounts.set(key, profileId);
  const [oldest] = accounts.size > MAX_CONVERSATIONS ? accounts.keys() : [];
  if (oldest !== undefined) accounts.delete(oldest);
}
