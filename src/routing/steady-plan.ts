import type { RestRow } from "../state/state-store.ts";
import type { FailoverPlan, Needs } from "./failover-plan.ts";
import type { PlanFacts } from "./plan-facts.ts";
import type { Route } from "./route.ts";

type Rotation = ReturnType<PlanFacts["rotationOf"]>;

interface Known {
  readonly plan: FailoverPlan;
  readonly limits: PlanFacts["limits"];
  readonly credentials: PlanFacts["credentials"];
  readonly rotations: readonly Rotation[];
  readonly needs: Needs;
}

/** Plans that come out the same as long as nothing rests and no account's turn depends on the moment: most requests need no new one. */
export interface SteadyPlans {
  /** The plan as it is known, or as it is made. */
  planFor(route: Route, at: Moment, make: () => FailoverPlan): FailoverPlan;
}

export interface Moment {
  readonly facts: PlanFacts;
  readonly rows: ReadonlyMap<string, RestRow>;
  readonly nowMs: number;
  readonly needs: Needs;
}

export function rememberPlans(): SteadyPlans {
  const plans = new WeakMap<Route, Known>();
  return {
    planFor: (route, { facts, rows, nowMs, needs }, make) => {
      if (rows.size > 0) return make();
      const known = plans.get(route);
      if (known !== undefined && isSame(known, route, facts, nowMs, needs)) return known.plan;
      const plan = make();
      const rotations = route.models.map(({ ref }) => facts.rotationOf(ref.provider, nowMs));
      if (isSteady(plan) && rotations.every(isOrdered)) plans.set(route, { plan, limits: facts.limits, credentials: facts.credentials, rotations, needs });
      else plans.delete(route);
      return plan;
    },
  };
}

function isSame({ limits, credentials, rotations, needs }: Known, { models }: Route, facts: PlanFacts, nowMs: number, wanted: Needs): boolean {
  if (limits !== facts.limits || credentials !== facts.credentials) return false;
  if (needs.protocol !== wanted.protocol || needs.image !== wanted.image || needs.serves !== wanted.serves) return false;
  return models.every(({ ref }, i) => rotations[i] === facts.rotationOf(ref.provider, nowMs));
}

/** Neither the windows of several accounts nor what a conversation was answered with can change it. */
function isOrdered({ candidates, explicit }: Rotation): boolean {
  return explicit !== undefined || candidates.length < 2;
}

/** Nobody in it waits for a moment. */
function isSteady({ candidates, resting, passedOver }: FailoverPlan): boolean {
  return resting.length === 0 && candidates.every(({ isTrial }) => !isTrial) && passedOver.every(({ untilMs }) => untilMs === undefined);
}
