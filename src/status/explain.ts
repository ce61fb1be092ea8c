import type { Catalog } from "../catalog/catalog.ts";
import { refText } from "../catalog/model-ref.ts";
import { isRenewedHere } from "../credentials/health.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { type Asked, type Outcome, outcomesOf } from "../routing/outcomes.ts";
import { type Examined, examine, type StatusFacts } from "./facts.ts";
import { unfitFinding } from "./findings.ts";
import { type ProblemRow, problemRows } from "./problem-row.ts";
import { type ModelTrace, type TraceFacts, traceAsked, traceEntry } from "./trace.ts";

/** Who would be asked, in order, and why not the others; and what the first one's failures would set off. Nobody was asked. */
export interface ExplainReport {
  schemaVersion: 1;
  agentId: string;
  /** The word on the command line; null: the agent's chain. */
  asked: string | null;
  /** In the order in which they would be asked; the image model and its fallbacks last. */
  models: ModelTrace[];
  /** The first model that could answer, and with whom; null when none could. */
  first: { ref: string; profileId: string | null } | null;
  outcomes: Outcome[];
  problems: ProblemRow[];
}

export interface ExplainFacts extends StatusFacts {
  readonly catalog: Catalog;
  readonly asked: string | undefined;
}

/** Throws MODEL_REF_INVALID or PROVIDER_UNKNOWN when the word on the command line leads nowhere. */
export function buildExplainReport(facts: ExplainFacts): ExplainReport {
  const examined = examine(facts);
  const trace: TraceFacts = { examined, catalog: facts.catalog };
  const models = facts.asked === undefined ? facts.chain.entries.map((entry) => traceEntry(entry, trace)) : askedModels(facts.asked, facts, trace);
  const inTurn = models.filter(({ role }) => role !== "image" && role !== "image-fallback");
  const index = inTurn.findIndex(couldAnswer);
  const first = inTurn[index];
  return {
    schemaVersion: 1,
    agentId: facts.agents.chosen.id,
    asked: facts.asked ?? null,
    models,
    first: first?.ref == null ? null : { ref: first.ref, profileId: first.profiles[0]?.profileId ?? null },
    outcomes: first?.ref == null ? [] : outcomesOf(askedFirst(first.ref, first, inTurn.slice(index + 1), trace)),
    problems: problemRows([...facts.chain.problems, ...models.flatMap(unknownModel), ...models.flatMap((model) => unfitModel(model, examined))]),
  };
}

/** The model that was asked for, then the agent's fallbacks, then its default model; each once. */
function askedModels(asked: string, { chain }: ExplainFacts, trace: TraceFacts): ModelTrace[] {
  const resolution = chain.resolve(asked);
  const role = { default: 1, fallback: 0, image: 2, "image-fallback": 2 };
  const others = chain.entries.filter((entry) => role[entry.role] < 2).sort((a, b) => role[a.role] - role[b.role]);
  const seen = new Set([refText(resolution.ref)]);
  const further = others.filter(({ resolution: other }) => {
    const ref = other === undefined ? "" : refText(other.ref);
    const isNew = ref !== "" && !seen.has(ref);
    seen.add(ref);
    return isNew;
  });
  return [traceAsked(asked, resolution, trace), ...further.map((entry) => traceEntry(entry, trace))];
}

export function couldAnswer({ readiness }: Pick<ModelTrace, "readiness">): boolean {
  return readiness === "ready" || readiness === "not needed" || readiness === "delegated";
}

function askedFirst(model: string, first: ModelTrace, later: readonly ModelTrace[], { examined }: TraceFacts): Asked {
  const [profile, next] = first.profiles;
  const stored = examined.credentials.profiles.find(({ id }) => id === profile?.profileId);
  return {
    profile: profile?.profileId,
    canRefresh: stored !== undefined && isRenewedHere(stored),
    model,
    provider: first.route?.provider ?? model,
    nextProfile: next?.profileId,
    nextModel: later.find((other) => couldAnswer(other) && other.ref !== model)?.ref ?? undefined,
    pinned: first.pinnedProfile !== null,
  };
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
