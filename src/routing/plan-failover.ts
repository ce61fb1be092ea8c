import { assertNever } from "../kernel/errors.ts";
import { refText } from "../catalog/model-ref.ts";
import { passedOverText } from "../credentials/passed-over.ts";
import { type PassedOver, type PassedOverReason, pinnedRotation } from "../credentials/order.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { ProfileId } from "../kernel/ids.ts";
import { isOverridden } from "../state/override.ts";
import type { RestScope } from "../state/rest-subject.ts";
import type { RestRow } from "../state/state-store.ts";
import { deadlinesFor } from "./deadlines.ts";
import type { Candidate, FailoverPlan, Needs, Passed, PassedReason, Resting } from "./failover-plan.ts";
import { unfitModel, unfitProfile } from "./fitness.ts";
import { shortTime } from "./outcomes.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { inOrderOfUse } from "./profile-choice.ts";
import { restOf, scopesIn } from "./candidate-rest.ts";
import { restKeyOf } from "./rest-key.ts";
import type { Route, RoutedModel } from "./route.ts";

/** Pure. Who is asked, in order, and who is not, and why. */
export function failoverPlan(route: Route, facts: PlanFacts, rows: ReadonlyMap<string, RestRow>, nowMs: number, needs: Needs = {}): FailoverPlan {
  const candidates: Candidate[] = [];
  const passedOver: Passed[] = [...route.leftOut];
  const resting: Resting[] = [];
  const at = { facts, rows, scopes: scopesIn(rows), nowMs, needs };
  for (const model of route.models) {
    for (const found of foundFor(model, at)) {
      if (found.kind === "candidate") candidates.push(found.candidate);
      else passedOver.push(found.passed);
      if (found.kind === "resting") resting.push(found.resting);
    }
  }
  resting.sort((a, b) => a.untilMs - b.untilMs);
  const all = [...candidates, ...resting.map(({ candidate }) => candidate)];
  const longestAttemptMs = Math.max(0, ...all.map(({ model }) => deadlinesFor(model, facts.limits, "streamed").firstTokenMs));
  return { candidates, passedOver, resting, longestAttemptMs };
}

interface At {
  readonly facts: PlanFacts;
  readonly rows: ReadonlyMap<string, RestRow>;
  readonly scopes: readonly RestScope[];
  readonly nowMs: number;
  readonly needs: Needs;
}

type Found =
  | { readonly kind: "candidate"; readonly candidate: Candidate }
  | { readonly kind: "passed"; readonly passed: Passed }
  | { readonly kind: "resting"; readonly passed: Passed; readonly resting: Resting };

function foundFor(model: RoutedModel, at: At): Found[] {
  const unfit = unfitModel(model, at.facts, at.needs);
  if (unfit !== undefined) return [passed(model, undefined, unfit.reason, unfit.why)];
  const { candidates, others } = accountsFor(model, at);
  const found = [...candidates.map((profile) => judged(model, profile, at)), ...others.flatMap((other) => passedAccount(model, other, at))];
  const isSaid = candidates.length > 0 || model.profile !== undefined || others.some(({ reason }) => reason === "cooling");
  return isSaid ? found : [...withoutAccount(model, at), ...found];
}

/** A pinned account alone, or all of them in order. */
function accountsFor(
  { ref, profile: pinned }: RoutedModel,
  { facts, nowMs, needs }: At,
): { candidates: readonly AuthProfile[]; others: readonly PassedOver[] } {
  const rotation = facts.rotationOf(ref.provider, nowMs);
  if (pinned !== undefined) {
    const { candidates, passedOver } = pinnedRotation(rotation, pinned, facts.credentials, nowMs);
    return { candidates, others: passedOver };
  }
  const last = needs.conversation === undefined ? undefined : facts.lastOf?.(needs.conversation, ref.provider);
  const { reservePercent } = facts.limits.routing;
  return { candidates: inOrderOfUse(rotation, { windows: facts.windows, last, reservePercent, nowMs }), others: rotation.passedOver };
}

const WORDS: Readonly<Record<PassedOverReason, PassedReason>> = {
  unknown: "unknown",
  "other-provider": "other_provider",
  mismatch: "mismatch",
  blank: "blank",
  unresolved: "unresolved",
  expired: "expired",
  "vendor-tool-only": "vendor_tool_only",
  "key-pair": "key_pair",
  "not-in-order": "not_in_order",
  hidden: "hidden",
  duplicate: "duplicate",
  cooling: "cooling",
};

/** Those that no list mentions say nothing that anybody asked about. */
function passedAccount(model: RoutedModel, other: PassedOver, at: At): Found[] {
  const { profileId, profile, reason, cooldown } = other;
  const { nowMs, rows } = at;
  if (cooldown !== undefined && profile !== undefined && isOverridden(rows, profileId, cooldown.untilMs)) return [judged(model, profile, at)];
  const why = passedOverText(other, nowMs, model.profile);
  const said = passed(model, profileId, WORDS[reason], why, cooldown?.untilMs);
  if (reason !== "cooling" || cooldown === undefined || profile === undefined) return [said];
  const candidate = { ...candidateOf(model, profile, "trial"), legacyUntilMs: cooldown.untilMs };
  const key = restKeyOf("profile", candidate);
  if (key === undefined) return [said];
  const row = { key, untilMs: cooldown.untilMs, failures: 1, reason: cooldown.reason ?? "unknown", sinceMs: nowMs, lastRestMs: cooldown.untilMs - nowMs };
  return [{ kind: "resting", passed: said.passed, resting: { candidate, untilMs: cooldown.untilMs, rows: [row] } }];
}

/** A server of one's own that asks for no key is asked without one. */
function withoutAccount(model: RoutedModel, at: At): Found[] {
  const standing = at.facts.credentials.standingOf(model.ref.provider);
  if (standing?.kind === "not needed") return [judged(model, undefined, at)];
  if (standing?.kind === "delegated") return [passed(model, undefined, "delegated", `is left to another login. ${standing.detail}`)];
  return [passed(model, undefined, "no_credential", "has no account that could be asked")];
}

function judged(model: RoutedModel, profile: AuthProfile | undefined, at: At): Found {
  const unfit = unfitProfile(model, profile, at.facts);
  if (unfit !== undefined) return passed(model, profile?.id, unfit.reason, unfit.why);
  const candidate = candidateOf(model, profile, "usual");
  const rest = restOf(candidate, at.rows, at.scopes, at.nowMs, at.facts);
  switch (rest.kind) {
    case "free":
      return { kind: "candidate", candidate };
    case "to try":
      return { kind: "candidate", candidate: { ...candidate, isTrial: true } };
    case "on trial": {
      const said = passed(model, profile?.id, "in_trial", "was at rest and is being tried by another request", rest.untilMs);
      return { kind: "resting", passed: said.passed, resting: { candidate: { ...candidate, isTrial: true }, untilMs: rest.untilMs, rows: rest.rows } };
    }
    case "resting": {
      const why = `rests for ${shortTime(rest.untilMs - at.nowMs)} (${rest.reason})`;
      const said = passed(model, profile?.id, "cooling", why, rest.untilMs);
      return { kind: "resting", passed: said.passed, resting: { candidate: { ...candidate, isTrial: true }, untilMs: rest.untilMs, rows: rest.rows } };
    }
    default:
      return assertNever(rest);
  }
}

function candidateOf(model: RoutedModel, profile: AuthProfile | undefined, as: "usual" | "trial"): Candidate {
  return { model, profile, isTrial: as === "trial", ...(model.from === "refusal-fallback" && { onlyAfter: model.follows ?? [] }) };
}

function passed(model: RoutedModel, profileId: ProfileId | undefined, reason: PassedReason, why: string, untilMs?: number): Extract<Found, { kind: "passed" }> {
  const said = { model: refText(model.ref), ...(profileId !== undefined && { profileId }), reason, why, ...(untilMs !== undefined && { untilMs }) };
  return { kind: "passed", passed: said };
}
