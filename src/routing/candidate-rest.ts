import { REST_SCOPES, type RestScope } from "../state/rest-subject.ts";
import type { RestRow } from "../state/state-store.ts";
import type { Candidate } from "./failover-plan.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { restKeyOf } from "./rest-key.ts";
import { stateOf } from "./rests.ts";

export type CandidateRest =
  | { readonly kind: "free" }
  | { readonly kind: "to try"; readonly rows: readonly RestRow[] }
  | { readonly kind: "on trial" | "resting"; readonly untilMs: number; readonly reason: string; readonly rows: readonly RestRow[] };

const FREE: CandidateRest = { kind: "free" };

/** The scopes of which there is any row: of the others none need be looked for. */
export function scopesIn(rows: ReadonlyMap<string, RestRow>): readonly RestScope[] {
  const kinds = new Set<string>();
  for (const key of rows.keys()) kinds.add(key.slice(0, key.indexOf(" ")));
  return REST_SCOPES.filter((scope) => kinds.has(scope));
}

/** How a candidate stands by all the rows that are about it: the longest rest counts. */
export function restOf(
  candidate: Candidate,
  rows: ReadonlyMap<string, RestRow>,
  scopes: readonly RestScope[],
  nowMs: number,
  { limits, markOf }: Pick<PlanFacts, "limits" | "markOf">,
): CandidateRest {
  const counting: RestRow[] = [];
  let longest: { readonly row: RestRow; readonly untilMs: number } | undefined;
  let isResting = false;
  for (const scope of scopes) {
    const row = rows.get(restKeyOf(scope, candidate) ?? "");
    if (row === undefined) continue;
    const mark = row.credential === undefined || candidate.profile === undefined ? undefined : markOf(candidate.profile);
    const state = stateOf(row, nowMs, limits.cooldowns, mark);
    if (state.kind === "free") continue;
    counting.push(row);
    if (state.kind === "to try") continue;
    isResting ||= state.kind === "resting";
    if (longest === undefined || state.untilMs > longest.untilMs) longest = { row, untilMs: state.untilMs };
  }
  if (counting.length === 0) return FREE;
  if (longest === undefined) return { kind: "to try", rows: counting };
  return { kind: isResting ? "resting" : "on trial", untilMs: longest.untilMs, reason: longest.row.reason, rows: counting };
}
