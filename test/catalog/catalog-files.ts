import type { FakeHost } from "../support/fake-host.ts";
import { fakeHost, type FakeMachine } from "../support/fake-host.ts";
import { type Catalog } from "../../src/catalog/catalog.ts";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import type { StatedFacts } from "../../src/catalog/readings.ts";
import { packShard, shardText } from "../../src/catalog/write-shard.ts";
import { createRegistry, type CustomProvider, type ProviderRegistry } from "../../src/provider/registry.ts";
import { builtinProviders } from "../../src/providers/index.ts";

export const STATE = "/home/me/.nemo";
export const DAY = "2026-11-10";
const SOURCE = { url: "https://example.com/package", checkedOn: DAY };

/** Provider → model → facts; a model without facts is one of which only the id is known. */
export type Models = Readonly<Record<string, Readonly<Record<string, StatedFacts | undefined>>>>;

/** The files of an embedded catalogue, as the package holds them. */
export function embedded(models: Models): Record<string, string> {
  const shards = Object.entries(models).map(([provider, byId]) => {
    const entries = Object.entries(byId);
    const stated = entries.flatMap(([id, facts]) => (facts === undefined ? [] : [{ id, stated: [{ source: SOURCE, facts }] }]));
    return packShard(provider, stated, [{ source: SOURCE, ids: entries.map(([id]) => id) }]);
  });
  const index = {
    v: 1,
    providers: shards.map(({ provider, models: rows, ids }) => [provider, rows.length, ids.reduce((sum, [, list]) => sum + list.length, 0)]),
  };
  return { "catalog/index.json": JSON.stringify(index), ...Object.fromEntries(shards.map((shard) => [`catalog/${shard.provider}.json`, shardText(shard)])) };
}

export function registryWith(...custom: CustomProvider[]): ProviderRegistry {
  return createRegistry(builtinProviders, custom);
}

/** A machine that has this embedded catalogue, and the catalogue opened on it. */
export function opened(models: Models, machine: FakeMachine = {}, registry = registryWith()): { host: FakeHost; catalog: Catalog } {
  const host = fakeHost({ packaged: embedded(models), ...machine });
  return { host, catalog: openCatalog({ host, registry, stateDir: STATE }) };
}
