import type { Source } from "../provider/provider.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { isProviderId, type LiveList, type LiveModel } from "./live-model.ts";
import type { StatedFacts } from "./readings.ts";
import type { Shard } from "./shard-format.ts";
import { packShard, type StatedModel } from "./write-shard.ts";

interface Collected {
  readonly models: Map<string, StatedModel>;
  readonly ids: string[];
}

/** A live catalogue as shards under our ids; two spellings of one provider become one shard. */
export function shardsOf({ providers }: LiveList, source: Source, registry: ProviderRegistry): { shards: readonly Shard[]; skipped: number } {
  const byId = new Map<string, Collected>();
  let skipped = 0;
  for (const { id: theirs, models, ids } of providers) {
    const id = registry.idOf(theirs);
    if (!isProviderId(id)) {
      skipped += models.length + ids.length;
      continue;
    }
    const known: Collected = byId.get(id) ?? { models: new Map(), ids: [] };
    byId.set(id, known);
    const vendor = registry.get(id)?.provider;
    for (const model of models) if (!known.models.has(model.id)) known.models.set(model.id, statedModel(model, source, vendor?.protocol));
    known.ids.push(...ids);
  }
  return { shards: [...byId].map(([id, { models, ids }]) => packShard(id, [...models.values()], [{ source, ids }])), skipped };
}

function statedModel({ id, facts, priceSteps }: LiveModel, source: Source, vendorProtocol: string | undefined): StatedModel {
  return { id, stated: [{ source, facts: placed(facts, vendorProtocol), ...(priceSteps !== undefined && { priceSteps }) }] };
}

/** A wire format that is not the vendor's own would need an address of its own, and addresses are never taken from a live catalogue. */
function placed({ protocol, ...facts }: StatedFacts, vendorProtocol: string | undefined): StatedFacts {
  return protocol === undefined || (vendorProtocol !== undefined && protocol !== vendorProtocol) ? facts : { protocol, ...facts };
}
