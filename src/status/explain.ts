import { refText } from "../catalog/model-ref.ts";
import { isRenewedHere } from "../credentials/health.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { type Outcome, outcomesOf } from "../routing/outcomes.ts";
import type { RouteFacts } from "../routing/route-request.ts";
import { type Examined, examine, type StatusFacts } from "./facts.ts";
import { unfitFinding } from "./findings.ts";
import { asPlanned, type NotedRests, type Planned, planOf } from "./plan-trace.ts";
import { type ProblemRow, problemRows } from "./problem-row.ts";
import { type MappedName, mappedNameOf, traceRoute } from "./route-trace.ts";
import type { ModelTrace } from "./trace.ts";

/** Who would be asked, in order, and why not the others; and what the first one's failures would set off. Nobody was asked. */
export interface ExplainReport {
  schemaVersion: 1;
  /** Whose chain it is, and whose accounts answer. */
  agentId: string;
  /** The word on the command line; null: the agent's chain. */
  asked: string | null;
  /** What the config says that the word means; null where it says nothing. */
  mapped: MappedName | null;
  /** In the order in which they would be asked; the image model and its fallbacks last. */
  models: ModelTrace[];
  /** Who is asked first, and with whose account; null when nobody could answer now. */
  first: { ref: string; profileId: string | null } | null;
  outcomes: Outcome[];
  problems: ProblemRow[];
}

/** Of the agent that the word names, where it names one: see `agentAsked`. */
export interface ExplainFacts extends StatusFacts {
  readonly catalog: RouteFacts["catalog"];
  readonly asked: string | undefined;
  /** Nobody rests where it is left out, but for what the accounts say themselves. */
  readonly rests?: NotedRests;
}

const NO_RESTS: NotedRests = { rows: new Map(), sha256: () => "" };

/** Throws MODEL_REF_INVALID, MODEL_UNKNOWN or PROVIDER_UNKNOWN when the word on the command line leads nowhere. */
export function buildExplainReport(facts: ExplainFacts): ExplainReport {
  const { asked, catalog, config, agents, chain, rests = NO_RESTS } = facts;
  const examined = examine(facts);
  const { route, steps } = traceRoute(asked, { examined, catalog });
  const planned = route === undefined ? undefined : planOf(route, examined, rests);
  const models = steps.map((step) => (planned === undefined ? step.trace : asPlanned(step, planned)));
  const first = planned?.plan.candidates.find(isInTurn);
  return {
    schemaVersion: 1,
    agentId: agents.chosen.id,
    asked: asked ?? null,
    mapped: mappedNameOf(asked, config),
    models,
    first: first === undefined ? null : { ref: refText(first.model.ref), profileId: first.profile?.id ?? null },
    outcomes: planned === undefined ? [] : outcomesIn(planned),
    problems: problemRows([...chain.problems, ...models.flatMap(unknownModel), ...models.flatMap((model) => unfitModel(model, examined))]),
  };
}

/** Those for refusals of the request itself are asked after nothing that is told here. */
function isInTurn({ onlyAfter }: Planned["plan"]["candidates"][number]): boolean {
  return onlyAfter === undefined;
}

function outcomesIn({ route, plan, limits }: Planned): Outcome[] {
  const [first, ...others] = plan.candidates.filter(isInTurn);
  if (first === undefined) return [];
  const canRefresh = first.profile !== undefined && isRenewedHere(first.profile);
  return outcomesOf({ first, others, strict: route.strict, canRefresh, limits, longestAttemptMs: plan.longestAttemptMs });
}

/** No step of the trace says why the accounts of such a provider are not asked. */
function unfitModel({ ref, role, route }: ModelTrace, examined: Examined): Problem[] {
  if (ref === null || route === null) return [];
  const unfit = unfitFinding(toProviderId(route.provider), examined, role === "asked" ? ref : undefined);
  return unfit === undefined ? [] : [unfit];
}

/** Models that no list has: new and self-hosted ones answer all the same. */
function unknownModel({ ref, catalogue, route }: ModelTrace): Problem[] {
  if (ref === null || catalogue !== null || route === null || route.local) return [];
  const hint = `Check the spelling: \`{cli} models list --all --provider ${route.provider}\`. A model that is newer than the catalogue answers all the same.`;
  return [{ code: "MODEL_UNKNOWN", severity: "warning", subject: ref, message: `${ref} is in no list that we have`, hint }];
}
