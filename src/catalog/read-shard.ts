import { type ProviderId, toModelId } from "../kernel/ids.ts";
import type { Modality, ModelSpec } from "../provider/model-spec.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Source } from "../provider/provider.ts";
import type { RegisteredProvider } from "../provider/registry.ts";
import type { CatalogEntry, FactReading, Glance, PriceStep, Readings } from "./catalog.ts";
import { type Fact, FACTS } from "./readings.ts";
import { FLAG_SHIFT, modalitiesOf, priceOf, priceStepsOf, type Row, type Shard, unpackFact } from "./shard-format.ts";

export type ShardOrigin = "embedded" | "refreshed";

/** Which shard, and where it came from. */
export interface OpenShard {
  readonly shard: Shard;
  readonly provider: ProviderId;
  readonly origin: ShardOrigin;
  /** What the user states of the provider in place of what the shard knows of its models. */
  readonly moved?: RegisteredProvider["moved"];
}

/** By the two bits of a flag. */
const YES_OR_NO = [null, false, null, true] as const;
const FLAGS = ["tools", "reasoning", "openWeights", "deprecated"] as const satisfies readonly (keyof typeof FLAG_SHIFT)[];

type Draft = { -readonly [K in keyof ModelSpec]: ModelSpec[K] };

/** One row as an entry, which makes its parts when they are asked for. */
class RowEntry implements CatalogEntry {
  private readonly row: Row;
  private readonly from: OpenShard;
  readonly spec: ModelSpec;

  constructor(row: Row, from: OpenShard) {
    this.row = row;
    this.from = from;
    this.spec = specOf(row, from);
  }

  get knows(): "facts" {
    return "facts";
  }

  get origin(): ShardOrigin {
    return this.from.origin;
  }

  get readings(): Readings {
    return readingsOf(this.row, this.from);
  }

  get priceSteps(): readonly PriceStep[] | undefined {
    return priceStepsOf(this.row[9]);
  }
}

/** A model of which a source lists the id and nothing else. */
class BareEntry implements CatalogEntry {
  readonly spec: ModelSpec;
  private readonly source: number;
  private readonly from: OpenShard;

  constructor(id: string, source: number, from: OpenShard) {
    this.spec = { provider: from.provider, id: toModelId(id), name: id };
    this.source = source;
    this.from = from;
  }

  get knows(): "ids" {
    return "ids";
  }

  get origin(): ShardOrigin {
    return this.from.origin;
  }

  get readings(): Readings {
    return { id: [{ value: this.spec.id, source: sourceOf(this.from.shard, this.source) }] };
  }
}

export function entryOf(row: Row, from: OpenShard): CatalogEntry {
  return new RowEntry(row, from);
}

export function bareEntry(id: string, source: number, from: OpenShard): CatalogEntry {
  return new BareEntry(id, source, from);
}

/**
 * All models of a shard as lists show them. A cold start makes two thousand of these: all fields at once, in as few steps as can be.
 * (Measured: a longer way makes V8 compile it for speed, which takes longer than the whole list.)
 */
export function glancesOf({ models }: Shard): Glance[] {
  const inputs: (readonly Modality[] | null)[] = [null];
  return models.map((row) => {
    const flags = row[8] ?? 0;
    const takes = row[6] ?? 0;
    return {
      id: row[0],
      name: row[1] || row[0],
      contextTokens: row[4] || null,
      outputTokens: row[5] || null,
      input: (inputs[takes] ??= modalitiesOf(takes)),
      tools: YES_OR_NO[flags & 3] ?? null,
      reasoning: YES_OR_NO[(flags >> 2) & 3] ?? null,
      usdPerMTok: row[9] ? priceOf(row[9]) : null,
      releasedOn: row[10] || null,
      deprecated: flags >= 192,
    };
  });
}

function flagOf(flags: number, shift: number): boolean | undefined {
  return (flags >> shift) & 1 ? ((flags >> shift) & 2) !== 0 : undefined;
}

/** A model's own address is one of the vendor's: where the user moved the provider, neither it nor the format that is spoken there counts. */
function specOf(row: Row, { shard, provider, moved }: OpenShard): ModelSpec {
  const spec: Draft = { provider, id: toModelId(row[0]), name: row[1] || row[0] };
  const isElsewhere = moved !== undefined && (moved === "address and format" || Boolean(row[11]));
  const protocol = isElsewhere ? -1 : (row[3] ?? -1);
  const flags = row[8] ?? 0;
  if (protocol >= 0) spec.protocol = shard.protocols[protocol] as ProtocolId;
  if (row[4]) spec.contextTokens = row[4];
  if (row[5]) spec.outputTokens = row[5];
  if (row[6]) spec.input = modalitiesOf(row[6]);
  if (row[7]) spec.output = modalitiesOf(row[7]);
  for (const fact of FLAGS) {
    const flag = flagOf(flags, FLAG_SHIFT[fact]);
    if (flag !== undefined) spec[fact] = flag;
  }
  if (row[9]) spec.usdPerMTok = priceOf(row[9]);
  if (row[10]) spec.releasedOn = row[10];
  if (row[11] && !isElsewhere) spec.baseUrl = row[11];
  return spec;
}

function readingsOf(row: Row, from: OpenShard): Readings {
  const readings: { -readonly [F in keyof ModelSpec]?: FactReading[] } = {};
  const { shard } = from;
  const spec = specOf(row, from);
  const sources = sourcesOf(row);
  readings.id = [{ value: spec.id, source: sourceOf(shard, row[2] ?? 0) }];
  for (const fact of FACTS) {
    if (spec[fact] !== undefined) readings[fact] = [{ value: spec[fact], source: sourceOf(shard, sources.get(fact) ?? row[2] ?? 0) }];
  }
  const contrary = row[13] ?? [];
  for (let at = 0; at < contrary.length; at += 3) {
    const fact = FACTS[contrary[at] as number];
    if (fact !== undefined) readings[fact]?.push({ value: unpackFact(fact, contrary[at + 2]), source: sourceOf(shard, contrary[at + 1] as number) });
  }
  return readings;
}

/** The sources of the facts that are not the main source's. */
function sourcesOf(row: Row): ReadonlyMap<Fact, number> {
  const sources = new Map<Fact, number>();
  const elsewhere = row[12] ?? [];
  for (let at = 0; at < elsewhere.length; at += 2) {
    const fact = FACTS[elsewhere[at] ?? -1];
    if (fact !== undefined) sources.set(fact, elsewhere[at + 1] ?? 0);
  }
  return sources;
}

function sourceOf(shard: Shard, index: number): Source {
  const [url, checkedOn] = shard.sources[index] ?? ["", ""];
  return { url, checkedOn };
}
