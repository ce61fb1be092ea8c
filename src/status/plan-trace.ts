import { refText } from "../catalog/model-ref.ts";
import type { Host } from "../kernel/host.ts";
import type { Candidate, FailoverPlan, Passed } from "../routing/failover-plan.ts";
import { configuredLimits, type Limits } from "../routing/limits.ts";
import { planFacts } from "../routing/plan-facts.ts";
import { failoverPlan } from "../routing/plan-failover.ts";
import type { Route } from "../routing/route.ts";
import type { RestRow } from "../state/state-store.ts";
import type { PassedOverTrace } from "./account-trace.ts";
import type { Examined } from "./facts.ts";
import type { RouteStep } from "./route-trace.ts";
import type { ModelTrace } from "./trace.ts";

/** Who rests, as the router's processes have noted it. */
export interface NotedRests {
  readonly rows: ReadonlyMap<string, RestRow>;
  readonly sha256: Host["sha256"];
}

export interface Planned {
  readonly route: Route;
  readonly plan: FailoverPlan;
  readonly limits: Limits;
}

/** The router's own plan for a route, as it would be made now. */
export function planOf(route: Route, examined: Examined, { rows, sha256 }: NotedRests): Planned {
  const { credentials, configured, registry, config, windows, nowMs } = examined;
  const limits = configuredLimits(config, registry);
  const facts = planFacts({ credentials, configured, registry, limits, sha256 });
  const now = { ...facts, ...(windows !== undefined && { windows }) };
  return { route, plan: failoverPlan(route, now, rows, nowMs, { serves: "chat" }), limits };
}

/** The trace of a model with the accounts that the plan has, and why it passes over the others. */
export function asPlanned({ trace, model }: RouteStep, { route, plan }: Planned): ModelTrace {
  if (model === undefined) return trace;
  const candidates = plan.candidates.filter((candidate) => candidate.model === model);
  // A place that the route leaves out may have the same model as one that it does not.
  const passed = plan.passedOver.filter((one) => one.model === refText(model.ref) && !route.leftOut.some((left) => left === one));
  const profiles = candidates.flatMap(({ profile }) => trace.profiles.find(({ profileId }) => profileId === profile?.id) ?? []);
  const dropped = trace.profiles.filter((profile) => !profiles.includes(profile));
  const passedOver = [
    ...dropped.flatMap(({ profileId, place }) =>
      passedTrace(
        passed.find((one) => one.profileId === profileId),
        place,
      ),
    ),
    ...trace.passedOver,
  ];
  const whole = passed.find(({ profileId, reason }) => profileId === undefined && reason !== "no_credential" && reason !== "delegated");
  const leftOut = whole === undefined ? null : { reason: whole.reason, why: whole.why, until: whole.untilMs ?? null };
  return {
    ...trace,
    profiles,
    passedOver,
    leftOut,
    readiness: readinessOf(trace, candidates, leftOut?.until ?? passedOver.find(({ until }) => until !== null)?.until ?? null),
  };
}

/** It may answer for all that its accounts say, and yet not be asked now. */
function readinessOf({ readiness }: ModelTrace, candidates: readonly Candidate[], until: number | null): ModelTrace["readiness"] {
  if (candidates.length > 0 || (readiness !== "ready" && readiness !== "not needed")) return readiness;
  return until === null ? "missing" : "cooling";
}

function passedTrace(passed: Passed | undefined, place: PassedOverTrace["place"]): PassedOverTrace[] {
  if (passed?.profileId === undefined) return [];
  const { profileId, why, untilMs = null } = passed;
  return [{ profileId, reason: passed.reason === "paid" ? "paid" : "cooling", detail: why, until: untilMs, place }];
}
