import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Source } from "../provider/provider.ts";
import { type Layer, type LayerIndex, layerOf, parseIndex, readCatalogueFile } from "./layer.ts";
import { isSoundShard } from "./check-shard.ts";
import { brokenShard, parseShard, type Shard } from "./shard-format.ts";
import { shardText } from "./write-shard.ts";

/** The live catalogues that we know, the vendor's own list first. Each has a folder of its own and is refreshed by itself. */
export const LIVE_CATALOGUES = ["openrouter", "models-dev"] as const;
export type LiveCatalogue = (typeof LIVE_CATALOGUES)[number];

/** What a refreshed catalogue remembers of its origin. */
export interface RefreshedIndex extends LayerIndex {
  /** Shards lie in one of two folders; the next refresh fills the other one and then turns `index.json`, in one step. */
  readonly folder: "a" | "b";
  /** Its day is that of the facts. */
  readonly source: Source;
  /** The day of the refresh: the catalogue counts before an embedded one of an earlier day. */
  readonly takenOn: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

export function refreshedDir(host: Host, stateDir: string, name: LiveCatalogue): string {
  return host.paths.join(stateDir, "signalbox", "catalogue", name);
}

/** undefined when this catalogue was never refreshed. Throws CATALOG_BROKEN. */
export function readRefreshedIndex(host: Host, stateDir: string, name: LiveCatalogue): RefreshedIndex | undefined {
  const file = host.paths.join(refreshedDir(host, stateDir, name), "index.json");
  const text = readCatalogueFile(host, file);
  if (text === undefined) return undefined;
  const index = parseIndex(text, file) as Partial<RefreshedIndex> & LayerIndex;
  const isSound =
    (index.folder === "a" || index.folder === "b") &&
    typeof index.source?.url === "string" &&
    typeof index.source.checkedOn === "string" &&
    typeof index.takenOn === "string";
  if (!isSound) throw brokenShard(file, "it is not an index of this version");
  return index as RefreshedIndex;
}

/** The refreshed catalogues that exist, the vendor's own list first. */
export function refreshedLayers(host: Host, stateDir: string, report: (problem: Problem) => void): readonly Layer[] {
  return LIVE_CATALOGUES.flatMap((name) => {
    let index: RefreshedIndex | undefined;
    const readIndex = (): LayerIndex => {
      index = readRefreshedIndex(host, stateDir, name);
      return index ?? { v: 1, providers: [] };
    };
    const layer = layerOf("refreshed", readIndex, (provider) => readRefreshedShard(host, stateDir, name, index, provider), report);
    return index === undefined ? [] : [{ ...layer, takenOn: index.takenOn }];
  });
}

/** Throws CATALOG_BROKEN. */
export function readRefreshedShard(host: Host, stateDir: string, name: LiveCatalogue, index: RefreshedIndex | undefined, provider: string): Shard {
  const file = host.paths.join(refreshedDir(host, stateDir, name), index?.folder ?? "a", `${provider}.json`);
  const text = readCatalogueFile(host, file);
  if (text === undefined) throw brokenShard(file, "it is missing");
  const shard = parseShard(text, file);
  if (shard.provider !== provider) throw brokenShard(file, "it is about another provider");
  if (!isSoundShard(shard)) throw brokenShard(file, "one of its entries is damaged");
  return shard;
}

/** Writes all shards beside those that count, then the index. Until that last step the old catalogue counts. Throws FILE_WRITE_FAILED. */
export function writeRefreshed(
  host: Host,
  stateDir: string,
  name: LiveCatalogue,
  shards: readonly Shard[],
  origin: Pick<RefreshedIndex, "source" | "takenOn" | "etag" | "lastModified">,
  previous: RefreshedIndex | undefined,
): RefreshedIndex {
  const folder = previous?.folder === "a" ? "b" : "a";
  const dir = refreshedDir(host, stateDir, name);
  for (const shard of shards) host.replaceFile(host.paths.join(dir, folder, `${shard.provider}.json`), shardText(shard));
  const providers = shards.map(({ provider, models, ids }) => [provider, models.length, ids.reduce((sum, [, list]) => sum + list.length, 0)] as const);
  const index: RefreshedIndex = { v: 1, ...origin, folder, providers };
  host.replaceFile(host.paths.join(dir, "index.json"), `${JSON.stringify(index)}\n`);
  return index;
}
