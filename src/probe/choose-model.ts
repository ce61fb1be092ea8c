import type { Catalog, CatalogEntry } from "../catalog/catalog.ts";
import type { ModelRef } from "../catalog/model-ref.ts";
import { parseRef } from "../catalog/resolve.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { AskedKind } from "../protocols/smallest-request.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { Chain } from "../routing/chain.ts";

export interface ModelFacts {
  readonly catalog: Catalog;
  readonly chain: Chain;
  readonly config: LoadedConfig;
  readonly registry: ProviderRegistry;
}

/** Whom to ask of a provider's models: the chain's first, then one with settings, then the cheapest that the catalogue knows. */
export function chooseModel(provider: ProviderId, facts: ModelFacts): ModelRef | undefined {
  const ofChain = facts.chain.entries.find(({ resolution }) => resolution?.ref.provider === provider)?.resolution?.ref;
  return ofChain ?? withSettings(provider, facts) ?? cheapest(provider, facts.catalog);
}

function withSettings(provider: ProviderId, { config, registry }: ModelFacts): ModelRef | undefined {
  const refs = Object.keys(config.value.agents?.defaults?.models ?? {}).map((key) => parseRef(key, registry));
  const found = refs.find((ref) => ref?.provider === provider);
  return found === undefined ? undefined : { provider, model: found.model };
}

/** Free ones come last: most are served under limits that tell nothing about the account. */
function cheapest(provider: ProviderId, catalog: Catalog): ModelRef | undefined {
  const models = catalog.models(provider).filter(isChat);
  const [best] = models.toSorted((a, b) => rank(a) - rank(b) || (b.spec.releasedOn ?? "").localeCompare(a.spec.releasedOn ?? ""));
  return best === undefined ? undefined : { provider, model: best.spec.id };
}

const NO_CHAT = /embed|rerank|whisper|tts|transcri|moderation|image|dall-e|sora|veo|audio|realtime|live|guard|ocr|deep-research/i;

function isChat({ spec }: CatalogEntry): boolean {
  return spec.deprecated !== true && (spec.output?.includes("text") ?? true) && !NO_CHAT.test(spec.id);
}

/** US dollars for a million tokens each way; a model of which nobody states a price after all that have one. */
function rank({ spec, knows }: CatalogEntry): number {
  const price = spec.usdPerMTok === undefined ? undefined : spec.usdPerMTok.input + spec.usdPerMTok.output;
  if (price !== undefined && price > 0) return price;
  return knows === "ids" ? 3e6 : price === undefined ? 2e6 : 1e6;
}

/** What a model of this name and these facts can be asked. */
export function kindOf(id: string, spec: Pick<ModelSpec, "reasoning"> | undefined): AskedKind {
  if (/rerank/i.test(id)) return "rerank";
  if (/(^|[-_/.:])(text-)?embed/i.test(id)) return "embedding";
  return spec?.reasoning === true ? "reasoning" : "chat";
}
