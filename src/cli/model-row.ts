import type { Glance } from "../catalog/catalog.ts";
import { type ModelRef, refText } from "../catalog/model-ref.ts";
import type { Resolution } from "../catalog/resolve.ts";
import { type ProviderId, toModelId } from "../kernel/ids.ts";
import { readinessOfResolution } from "../status/chain-rows.ts";
import type { Examined } from "../status/facts.ts";
import type { Availability, PriceRow } from "./model-words.ts";

/** One model of a list. The first eight are what installations' tools read. */
export interface ModelRow {
  /** provider/model. */
  key: string;
  name: string;
  /** "text+image"; "-" when unknown. */
  input: string;
  /** Tokens. */
  contextWindow: number | null;
  /** The provider runs on this machine or its network; null for a provider that nobody defined. */
  local: boolean | null;
  /** Whether something could answer for it now; null for a provider that nobody defined. */
  available: boolean | null;
  tags: string[];
  /** In no list of models that we have of its provider. */
  missing: boolean;
  provider: string;
  availability: Availability;
  outputTokens: number | null;
  tools: boolean | null;
  reasoning: boolean | null;
  /** US dollars for one million tokens; null when unknown. */
  usdPerMTok: PriceRow | null;
  /** ISO day. */
  releasedOn: string | null;
}

/** Why the models of one provider can or cannot be asked. */
export interface ProviderRow {
  provider: string;
  local: boolean | null;
  availability: Availability;
  detail: string;
}

/** What holds for all models of one provider; asked once for each. */
export function providerRows(examined: Examined): (provider: ProviderId) => ProviderRow {
  const known = new Map<ProviderId, ProviderRow>();
  return (provider) => {
    const row = known.get(provider) ?? providerRow(provider, examined);
    known.set(provider, row);
    return row;
  };
}

function providerRow(provider: ProviderId, examined: Examined): ProviderRow {
  return answerOf({ ref: { provider, model: toModelId("") }, via: "reference" }, examined);
}

/** Why one model can or cannot be asked: a reference that names an account is answered by that one alone. */
export function answerOf(resolution: Resolution, examined: Examined): ProviderRow {
  const { provider } = resolution.ref;
  const registered = examined.registry.get(provider);
  const standing = examined.credentials.standingOf(provider);
  if (registered === undefined && standing === undefined) {
    return { provider, local: null, availability: "missing", detail: "nobody defined this provider: it has no address here" };
  }
  const { readiness, detail } = readinessOfResolution(resolution, examined);
  const local = registered?.isLocal ?? true;
  if (readiness === "delegated" && standing?.found === false) return { provider, local, availability: "unverified", detail: standing.detail };
  return { provider, local, availability: readiness === "broken" || readiness === "not allowed" ? "missing" : readiness, detail };
}

export function canAnswer(availability: Availability): boolean {
  return availability === "ready" || availability === "not needed" || availability === "delegated";
}

const NOT_CONFIGURED: { readonly tags?: string[]; readonly pinned?: ProviderRow } = {};

/** Models of one provider that are in the catalogue or that the user defined. Made thousands of times in a cold start: nothing is done twice. */
export function modelRows(
  models: readonly Glance[],
  { provider, local, availability }: ProviderRow,
  tagsOf: ReadonlyMap<string, { readonly tags: string[]; readonly pinned?: ProviderRow }>,
): ModelRow[] {
  const none: string[] = [];
  const inputs = new Map<readonly string[] | null, string>([[null, "-"]]);
  for (const { input } of models) if (!inputs.has(input)) inputs.set(input, input?.join("+") ?? "-");
  return models.map((model) => {
    const key = `${provider}/${model.id}`;
    const { tags = none, pinned } = tagsOf.get(key) ?? NOT_CONFIGURED;
    const answers = pinned?.availability ?? availability;
    return {
      key,
      name: model.name,
      input: inputs.get(model.input) ?? "-",
      contextWindow: model.contextTokens,
      local,
      available: local === null ? null : canAnswer(answers),
      tags: model.deprecated ? [...tags, "deprecated"] : tags,
      missing: false,
      provider,
      availability: answers,
      outputTokens: model.outputTokens,
      tools: model.tools,
      reasoning: model.reasoning,
      usdPerMTok: model.usdPerMTok,
      releasedOn: model.releasedOn,
    };
  });
}

/** A model that somebody configured and that no list holds. Of a provider whose models are `not listed`, that says nothing against it. */
export function unknownModelRow(ref: ModelRef, { provider, local, availability }: ProviderRow, tags: string[], listed: "listed" | "not listed"): ModelRow {
  const key = refText(ref);
  const missing = listed === "listed" || local === null;
  return {
    key,
    name: key,
    input: "-",
    contextWindow: null,
    local,
    available: local === null ? null : canAnswer(availability),
    tags: missing ? [...tags, "missing"] : tags,
    missing,
    provider,
    availability,
    outputTokens: null,
    tools: null,
    reasoning: null,
    usdPerMTok: null,
    releasedOn: null,
  };
}
