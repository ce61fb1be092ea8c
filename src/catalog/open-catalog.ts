import type { Host } from "../kernel/host.ts";
import type { ModelId, ProviderId } from "../kernel/ids.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import type { CustomProvider, ProviderRegistry } from "../provider/registry.ts";
import type { Catalog, CatalogEntry, CatalogProvider, Reach } from "./catalog.ts";
import { customEntries } from "./custom-entry.ts";
import { embeddedLayer, type Layer } from "./layer.ts";
import { glanceOf } from "./glance.ts";
import { joinEntries } from "./join-entries.ts";
import { newest } from "./iso-day.ts";
import { bareEntry, entryOf, glancesOf, type OpenShard } from "./read-shard.ts";
import { refreshedLayers } from "./refreshed.ts";
import type { Row } from "./shard-format.ts";

/**
 * Which models exist: what the user defined, then the refreshed and the embedded catalogue, whichever is newer first. Indexes are
 * read at the first question, a shard at the first question about its provider.
 */
export function openCatalog({ host, registry, stateDir }: { host: Host; registry: ProviderRegistry; stateDir: string }): Catalog {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => void problems.push(problem);
  let opened: readonly Layer[] | undefined;
  let counted: readonly CatalogProvider[] | undefined;
  const layers = (): readonly Layer[] => (opened ??= allLayers(host, stateDir, report));
  const shards = new Map<ProviderId, readonly LoadedShard[]>();
  const load = (provider: ProviderId): readonly LoadedShard[] =>
    newestFirst(layers().flatMap((layer) => loaded(layer, provider, registry.get(provider)?.moved, report)));
  const remembered = (provider: ProviderId): readonly LoadedShard[] => {
    const known = shards.get(provider) ?? load(provider);
    shards.set(provider, known);
    return known;
  };
  const customOf = (provider: ProviderId): readonly CatalogEntry[] => customEntries(customsOf(registry, provider), host);
  const models = (text: ProviderId, reach: Reach = "everything"): readonly CatalogEntry[] => {
    const provider = registry.idOf(text);
    return joinEntries([customOf(provider), ...remembered(provider).map((shard) => entriesOf(shard, reach))]);
  };
  return {
    problems,
    providers: () => (counted ??= countedProviders(layers(), registry)),
    models,
    glances: (text, reach = "everything") => {
      const provider = registry.idOf(text);
      const [only, ...others] = load(provider);
      const isPlain = only !== undefined && others.length === 0 && customsOf(registry, provider).length === 0;
      return isPlain && (reach === "facts" || only.shard.ids.length === 0) ? glancesOf(only.shard) : models(provider, reach).map(glanceOf);
    },
    find: ({ provider: text, model }) => {
      const provider = registry.idOf(text);
      const custom = customOf(provider).filter(({ spec }) => spec.id === model);
      return joinEntries([custom, ...remembered(provider).map((shard) => oneEntry(shard, model))])[0];
    },
  };
}

interface LoadedShard extends OpenShard {
  readonly layer: Layer;
}

function allLayers(host: Host, stateDir: string, report: (problem: Problem) => void): readonly Layer[] {
  return [...refreshedLayers(host, stateDir, report), embeddedLayer(host, report)];
}

/** A catalogue that was refreshed before the program's own was made steps back behind it. Of the same day, the order of layers counts. */
function newestFirst(shards: LoadedShard[]): readonly LoadedShard[] {
  if (shards.length < 2) return shards;
  const dayOf = ({ layer, shard }: LoadedShard): string => layer.takenOn ?? newest(shard.sources.map(([, day]) => day)) ?? "";
  return shards.sort((one, other) => (dayOf(one) > dayOf(other) ? -1 : Number(dayOf(one) < dayOf(other))));
}

function loaded(layer: Layer, provider: ProviderId, moved: OpenShard["moved"], report: (problem: Problem) => void): LoadedShard[] {
  const shard = layer.shard(provider, report);
  return shard === undefined ? [] : [{ layer, shard, provider, origin: layer.origin, moved }];
}

function entriesOf(from: LoadedShard, reach: Reach): readonly CatalogEntry[] {
  const entries = from.shard.models.map((row) => entryOf(row, from));
  if (reach === "facts") return entries;
  const bare = from.shard.ids.flatMap(([source, ids]) => ids.map((id) => bareEntry(id, source, from)));
  return bare.length === 0 ? entries : joinEntries([entries, bare]);
}

function oneEntry(from: LoadedShard, model: ModelId): readonly CatalogEntry[] {
  const row = rowOf(from.shard.models, model);
  if (row !== undefined) return [entryOf(row, from)];
  const list = from.shard.ids.find(([, ids]) => ids.includes(model));
  return list === undefined ? [] : [bareEntry(model, list[0], from)];
}

function rowOf(rows: readonly Row[], model: ModelId): Row | undefined {
  return rows.find(([id]) => id === model);
}

function customsOf(registry: ProviderRegistry, provider: ProviderId): readonly CustomProvider[] {
  return registry.get(provider)?.custom ?? [];
}

function countedProviders(layers: readonly Layer[], registry: ProviderRegistry): readonly CatalogProvider[] {
  const counted = new Map<string, CatalogProvider>();
  const count = (text: string, facts: number, idsOnly: number): void => {
    const id = toProviderId(text);
    const known = counted.get(id) ?? { id, models: 0, idsOnly: 0 };
    counted.set(id, facts + idsOnly > known.models ? { id, models: facts + idsOnly, idsOnly } : known);
  };
  for (const { counts } of layers) for (const [id, { facts, idsOnly }] of counts) count(id, facts, idsOnly);
  for (const { custom } of registry.customised) for (const { id, models } of custom) count(id, models.length, 0);
  return [...counted.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
