import { shownBaseUrl } from "../kernel/shown-address.ts";
import type { CatalogEntry } from "../catalog/catalog.ts";
import { endpointOf } from "../catalog/endpoint.ts";
import { type ModelRef, refText } from "../catalog/model-ref.ts";
import type { Resolution } from "../catalog/resolve.ts";
import type { Standing } from "../credentials/standing.ts";
import type { Place } from "../kernel/place.ts";
import type { CustomProvider, RegisteredProvider } from "../provider/registry.ts";
import type { ChainEntry, ChainRole } from "../routing/chain.ts";
import type { PassedReason } from "../routing/failover-plan.ts";
import type { RouteFacts } from "../routing/route-request.ts";
import { type OrderTrace, type PassedOverTrace, type ProfileTrace, traceAccounts } from "./account-trace.ts";
import { type PlaceRow, placeRow } from "./place-row.ts";
import { type Readiness, readinessOfResolution } from "./chain-rows.ts";
import { type Examined, isKeptOut } from "./facts.ts";

/** One model, from the word that names it to the accounts that would be asked. A step that there is not is null. */
export interface ModelTrace {
  role: ChainRole | "asked";
  position: number;
  /** As written. */
  raw: string;
  from: "agent" | "defaults" | "built-in" | "command line";
  place: PlaceRow | null;
  alias: { alias: string; target: string; builtIn: boolean; place: PlaceRow | null } | null;
  ref: string | null;
  /** How the word was understood. `chain-provider`: the default provider has no such model, another one of the chain has. */
  via: Resolution["via"] | "chain-provider" | null;
  pinnedProfile: string | null;
  /** Why the word leads nowhere. */
  problem: { message: string; hint: string } | null;
  /** An allowlist of the config keeps it out. */
  keptOut: { keyPath: string; place: PlaceRow | null } | null;
  /** null: in no list that we have; that does not keep it from answering. */
  catalogue: { origin: CatalogEntry["origin"]; knows: CatalogEntry["knows"]; contextTokens: number | null; deprecated: boolean } | null;
  route: RouteRow | null;
  /** Why the router asks it with no account; null where it may be asked, or where each account says why not. */
  leftOut: LeftOutTrace | null;
  readiness: Readiness;
  /** Who answers in place of an account of ours. */
  standing: { kind: Standing["kind"]; detail: string; found: boolean } | null;
  /** null where there is no account at all. */
  order: OrderTrace | null;
  /** In the order in which they would be asked. */
  profiles: ProfileTrace[];
  passedOver: PassedOverTrace[];
}

export interface LeftOutTrace {
  /** `repeated`: the same model stands before it. */
  reason: PassedReason | "repeated";
  /** A sentence's end. */
  why: string;
  /** Milliseconds since 1970; for what rests. */
  until: number | null;
}

export interface RouteRow {
  provider: string;
  label: string;
  protocol: string;
  /** null where it depends on the account. */
  baseUrl: string | null;
  /** Whose statement of the address counts. */
  from: "built-in" | "plugin" | "config" | "models.json";
  /** The plugin, where it is one. */
  plugin: string | null;
  place: PlaceRow | null;
  local: boolean;
}

export interface TraceFacts {
  readonly examined: Examined;
  readonly catalog: RouteFacts["catalog"];
}

export function traceEntry(entry: ChainEntry, facts: TraceFacts): ModelTrace {
  const { role, position, raw, from, problem } = entry;
  const { examined } = facts;
  const kept =
    isKeptOut(entry, examined) && examined.allowlist !== undefined
      ? { keyPath: examined.allowlist.keyPath.join("."), place: placeRow(examined.config.placeOf(examined.allowlist.keyPath)) }
      : null;
  const head = {
    role,
    position,
    raw,
    from,
    place: placeRow(entry.placeOf()),
    keptOut: kept,
    problem: problem === undefined ? null : { message: problem.message, hint: problem.hint },
  };
  return { ...head, ...steps(entry.resolution, facts), ...(kept !== null && { readiness: "not allowed" as const }) };
}

/** A word from the command line. `word`: what it means, where the config maps it. `ref`: the model that the router takes it for. */
export function traceAsked(raw: string, word: string, ref: ModelRef, facts: TraceFacts): ModelTrace {
  const resolution = facts.examined.chain.resolve(word);
  const taken = { ...steps({ ...resolution, ref }, facts), ...(resolution.ref.provider !== ref.provider && { via: "chain-provider" as const }) };
  return { role: "asked", position: 1, raw, from: "command line", place: null, keptOut: null, problem: null, ...taken };
}

type Steps = Omit<ModelTrace, "role" | "position" | "raw" | "from" | "place" | "keptOut" | "problem">;

const NOWHERE: Steps = {
  alias: null,
  ref: null,
  via: null,
  pinnedProfile: null,
  catalogue: null,
  route: null,
  leftOut: null,
  readiness: "broken",
  standing: null,
  order: null,
  profiles: [],
  passedOver: [],
};

function steps(resolution: Resolution | undefined, facts: TraceFacts): Steps {
  if (resolution === undefined) return NOWHERE;
  const { examined, catalog } = facts;
  const { ref, via, profile } = resolution;
  const registered = examined.registry.get(ref.provider);
  const entry = catalog.find(ref);
  const standing = examined.credentials.standingOf(ref.provider);
  return {
    alias: aliasStep(resolution, examined),
    ref: refText(ref),
    via,
    pinnedProfile: profile ?? null,
    catalogue: entry === undefined ? null : catalogueStep(entry),
    route: registered === undefined ? null : routeStep(registered, entry),
    leftOut: null,
    readiness: readinessOfResolution(resolution, examined).readiness,
    standing: standing === undefined ? null : { ...standing },
    ...traceAccounts(resolution, examined),
  };
}

function aliasStep({ alias }: Resolution, { config }: Examined): ModelTrace["alias"] {
  if (alias === undefined) return null;
  return { ...alias, place: placeRow(config.placeOf(["agents", "defaults", "models", alias.target])) };
}

function catalogueStep({ origin, knows, spec }: CatalogEntry): ModelTrace["catalogue"] {
  return { origin, knows, contextTokens: spec.contextTokens ?? null, deprecated: spec.deprecated === true };
}

function routeStep({ provider, origin, custom, isLocal }: RegisteredProvider, entry: CatalogEntry | undefined): RouteRow {
  const layer = custom.find(({ baseUrl }) => baseUrl !== undefined);
  const from = (layer ?? { origin }).origin;
  const { protocol, baseUrl } = endpointOf(provider, entry);
  return {
    provider: provider.id,
    label: provider.label,
    protocol,
    baseUrl: shownBaseUrl(baseUrl),
    from: from.kind,
    plugin: from.kind === "plugin" ? from.pluginId : null,
    place: placeRow(placeOfOrigin(from)),
    local: isLocal,
  };
}

function placeOfOrigin(origin: CustomProvider["origin"]): Place | undefined {
  if (origin.kind === "config") return origin.place;
  return origin.kind === "models.json" ? { file: origin.file } : undefined;
}
