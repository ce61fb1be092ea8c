import { isoTime } from "../kernel/duration.ts";
import { shownBaseUrl } from "../kernel/shown-address.ts";
import type { Broker } from "../broker.ts";
import type { Glance } from "../catalog/catalog.ts";
import { isoDay } from "../catalog/iso-day.ts";
import type { ListedModel } from "../catalog/live-list.ts";
import type { StatedFacts } from "../catalog/readings.ts";
import type { FailureReason } from "../chat/failure.ts";
import type { LiveResult } from "../probe/live-target.ts";
import type { ServerKind } from "../probe/server-kind.ts";
import type { ConfiguredModels } from "./configured-models.ts";
import { type ModelRow, modelRows, type ProviderRow } from "./model-row.ts";
import type { ProviderId } from "../kernel/ids.ts";

/** A model as its server lists it now, or listed it on that day. */
export interface LiveModelRow extends ModelRow {
  /** ISO day. */
  listedOn?: string;
  /** Fields that the server leaves out, filled from the catalogue. */
  fromCatalogue?: CatalogueField[];
}

export type CatalogueField = "name" | "contextWindow" | "outputTokens" | "input" | "tools" | "reasoning" | "usdPerMTok" | "releasedOn";

/** One server that was asked, or was not. */
export interface LiveServerRow {
  /** null: no provider leads to it. */
  provider: string | null;
  label: string;
  /** Which program answers, of servers of one's own. */
  server: ServerKind | null;
  url: string | null;
  account: string | null;
  outcome: "listed" | "failed" | "not asked";
  /** For `failed` and `not asked`: the end of a sentence that begins with the label. */
  detail: string | null;
  hint: string | null;
  reason: FailureReason | null;
  httpStatus: number | null;
  models: number;
  /** Entries that could not be used. */
  skipped: number;
  /** ISO instant; null where nothing was ever listed. */
  listedAt: string | null;
  /** The models are those of an earlier answer. */
  kept: boolean;
}

export function serverRow(result: LiveResult): LiveServerRow {
  const { provider, label, server, url, profileId, outcome, why, hint, reason, status, models, skipped, takenAtMs, isKept } = result;
  return {
    provider: provider ?? null,
    label,
    server: server ?? null,
    url: shownBaseUrl(url),
    account: profileId ?? null,
    outcome,
    detail: why ?? null,
    hint: hint ?? null,
    reason: reason ?? null,
    httpStatus: status ?? null,
    models: models.length,
    skipped,
    listedAt: takenAtMs === undefined ? null : isoTime(takenAtMs),
    kept: isKept,
  };
}

const FIELDS: readonly (readonly [CatalogueField, keyof StatedFacts & keyof Glance])[] = [
  ["name", "name"],
  ["contextWindow", "contextTokens"],
  ["outputTokens", "outputTokens"],
  ["input", "input"],
  ["tools", "tools"],
  ["reasoning", "reasoning"],
  ["usdPerMTok", "usdPerMTok"],
  ["releasedOn", "releasedOn"],
];

/** What the server says counts; the catalogue fills in the rest, and each such field is named. */
export function liveModelRows(broker: Broker, configured: ConfiguredModels, answers: (id: ProviderId) => ProviderRow, result: LiveResult): LiveModelRow[] {
  const { provider, models, takenAtMs } = result;
  if (provider === undefined || models.length === 0) return [];
  const id = broker.registry().idOf(provider);
  const known = new Map(
    broker
      .catalog()
      .glances(id, "everything")
      .map((glance) => [glance.id, glance]),
  );
  const rows = modelRows(
    models.map((model) => merged(model, known.get(model.id))),
    answers(id),
    configured.models,
  );
  const listedOn = takenAtMs === undefined ? {} : { listedOn: isoDay(takenAtMs) };
  return rows.map((row, index) => {
    const model = models[index];
    const serves = model?.serves === undefined ? [] : [model.serves === "embeddings" ? "embeddings" : "no chat"];
    return { ...row, tags: [...row.tags, ...serves], ...listedOn, fromCatalogue: filled(model, model && known.get(model.id)) };
  });
}

function merged({ id, facts }: ListedModel, known: Glance | undefined): Glance {
  return {
    id,
    name: facts.name ?? known?.name ?? id,
    deprecated: facts.deprecated ?? known?.deprecated ?? false,
    contextTokens: facts.contextTokens ?? known?.contextTokens ?? null,
    outputTokens: facts.outputTokens ?? known?.outputTokens ?? null,
    input: facts.input ?? (known?.input?.length === 0 ? null : known?.input) ?? null,
    tools: facts.tools ?? known?.tools ?? null,
    reasoning: facts.reasoning ?? known?.reasoning ?? null,
    usdPerMTok: facts.usdPerMTok ?? known?.usdPerMTok ?? null,
    releasedOn: facts.releasedOn ?? known?.releasedOn ?? null,
  };
}

function filled(model: ListedModel | undefined, known: Glance | undefined): CatalogueField[] {
  if (model === undefined || known === undefined) return [];
  const filling = merged(model, known);
  return FIELDS.filter(([, fact]) => model.facts[fact] === undefined && filling[fact] !== null && filling[fact] !== model.id).map(([field]) => field);
}
