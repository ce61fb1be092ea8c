import { AppError, asAppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ShardOrigin } from "./read-shard.ts";
import { brokenShard, parseCatalogue, parseShard, type Shard } from "./shard-format.ts";

/** Larger files are not ours. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface LayerCounts {
  readonly facts: number;
  readonly idsOnly: number;
}

/** One catalogue: an index, and a shard for each provider in it. */
export interface Layer {
  readonly origin: ShardOrigin;
  /** When the person took it in; absent for the program's own, whose facts speak for themselves. */
  readonly takenOn?: string;
  readonly counts: ReadonlyMap<string, LayerCounts>;
  /** undefined when this catalogue does not know the provider, or its shard cannot be used; `report` then learns why. */
  shard(provider: ProviderId, report: (problem: Problem) => void): Shard | undefined;
}

/** What `index.json` of a catalogue says. */
export interface LayerIndex {
  readonly v: 1;
  /** Provider, models with facts, models of which only the id is known. */
  readonly providers: readonly (readonly [id: string, facts: number, idsOnly: number])[];
}

export function embeddedLayer(host: Host, report: (problem: Problem) => void): Layer {
  const read = (name: string): string => {
    try {
      return host.readPackaged(`catalog/${name}`);
    } catch (cause) {
      throw new AppError("CATALOG_BROKEN", `the embedded catalogue lacks ${name}`, {
        hint: "Install the program anew: a file of its package is missing.",
        cause,
      });
    }
  };
  return layerOf(
    "embedded",
    () => parseIndex(read("index.json"), "index.json"),
    (provider) => parseShard(read(`${provider}.json`), `${provider}.json`),
    report,
  );
}

/** Index and shards as `read` finds them. An index that cannot be used is an empty catalogue and a problem. */
export function layerOf(origin: ShardOrigin, readIndex: () => LayerIndex, readShard: (provider: string) => Shard, report: (problem: Problem) => void): Layer {
  const index = attempt(readIndex, report);
  const counts = new Map(index?.providers.map(([id, facts, idsOnly]) => [id, { facts, idsOnly }]));
  return { origin, counts, shard: (provider, tell) => (counts.has(provider) ? attempt(() => readShard(provider), tell) : undefined) };
}

function attempt<T>(read: () => T, report: (problem: Problem) => void): T | undefined {
  try {
    return read();
  } catch (thrown) {
    const { code, message, hint, facts } = asAppError(thrown);
    report({ code, severity: "warning", subject: facts.place?.file ?? "catalogue", message, hint, ...(facts.place !== undefined && { place: facts.place }) });
    return undefined;
  }
}

export function parseIndex(text: string, file: string): LayerIndex {
  const index = parseCatalogue(text, file) as Partial<LayerIndex> | null;
  const isRow = (row: unknown): boolean => Array.isArray(row) && typeof row[0] === "string" && Number.isInteger(row[1]) && Number.isInteger(row[2]);
  if (index?.v !== 1 || !Array.isArray(index.providers) || !index.providers.every(isRow)) throw brokenShard(file, "it is not an index of this version");
  return index as LayerIndex;
}

/** undefined when there is no such file. Throws CATALOG_BROKEN when there is one that cannot be read. */
export function readCatalogueFile(host: Host, file: string): string | undefined {
  const read = host.readText(file, MAX_BYTES);
  if (read.kind === "text") return read.text;
  if (read.kind === "absent") return undefined;
  throw brokenShard(file, read.kind === "unreadable" ? `reading failed with ${read.reason}` : read.kind === "too_large" ? "it is too large" : "it is not text");
}
