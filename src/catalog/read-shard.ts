import { type ProviderId, toModelId } from "../kernel/ids.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Source } from "../provider/provider.ts";
import type { CatalogEntry, FactReading, PriceStep, Readings } from "./catalog.ts";
import { FACTS } from "./readings.ts";
import { FLAG_SHIFT, modalitiesOf, priceOf, priceStepsOf, type Row, type Shard, unpackFact } from "./shard-format.ts";

export type ShardOrigin = "embedded" | "refreshed";

/** Which shard, and where it came from. */
export interface OpenShard {
  readonly shard: Shard;
  readonly provider: ProviderId;
  readonly origin: ShardOrigin;
}

type Draft = { -readonly [K in keyof ModelSpec]: ModelSpec[K] };

/** One row as an entry; its readings are made when they are asked for. A class, because lists make thousands of them at once. */
class RowEntry implements CatalogEntry {
  readonly spec: ModelSpec;
  private readonly row: Row;
  private readonly from: OpenShard;

  constructor(row: Row, from: OpenShard) {
    this.spec = specOf(row, from);
    this.row = row;
    this.from = from;
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

/** What the row's main source states, and what only others do. */
function specOf(row: Row, from: OpenShard): ModelSpec {
  const spec = statedBy(row, from);
  const more = row[12];
  if (more === undefined) return spec;
  const open: Record<string, unknown> = spec;
  for (let at = 0; at < more.length; at += 3) {
    const fact = FACTS[more[at] as number];
    if (fact !== undefined && open[fact] === undefined) open[fact] = unpackFact(fact, more[at + 2]);
  }
  return spec;
}

function statedBy(row: Row, { shard, provider }: OpenShard): Draft {
  const spec: Draft = { provider, id: toModelId(row[0]), name: row[1] || row[0] };
  const protocol = row[3] ?? -1;
  const flags = row[8] ?? 0;
  const price = row[9];
  if (protocol >= 0) spec.protocol = shard.protocols[protocol] as ProtocolId;
  if (row[4]) spec.contextTokens = row[4];
  if (row[5]) spec.outputTokens = row[5];
  if (row[6]) spec.input = modalitiesOf(row[6]);
  if (row[7]) spec.output = modalitiesOf(row[7]);
  if (flags & (1 << FLAG_SHIFT.tools)) spec.tools = (flags & (2 << FLAG_SHIFT.tools)) !== 0;
  if (flags & (1 << FLAG_SHIFT.reasoning)) spec.reasoning = (flags & (2 << FLAG_SHIFT.reasoning)) !== 0;
  if (flags & (1 << FLAG_SHIFT.openWeights)) spec.openWeights = (flags & (2 << FLAG_SHIFT.openWeights)) !== 0;
  if (flags & (1 << FLAG_SHIFT.deprecated)) spec.deprecated = (flags & (2 << FLAG_SHIFT.deprecated)) !== 0;
  if (price) spec.usdPerMTok = priceOf(price);
  if (row[10]) spec.releasedOn = row[10];
  if (row[11]) spec.baseUrl = row[11];
  return spec;
}

function readingsOf(row: Row, from: OpenShard): Readings {
  const readings: { -readonly [F in keyof ModelSpec]?: FactReading[] } = {};
  const stated = statedBy(row, from);
  const main = sourceOf(from.shard, row[2] ?? 0);
  readings.id = [{ value: stated.id, source: main }];
  for (const fact of FACTS) if (stated[fact] !== undefined) readings[fact] = [{ value: stated[fact], source: main }];
  const more = row[12] ?? [];
  for (let at = 0; at < more.length; at += 3) {
    const fact = FACTS[more[at] as number];
    if (fact === undefined) continue;
    const reading = { value: unpackFact(fact, more[at + 2]), source: sourceOf(from.shard, more[at + 1] as number) };
    readings[fact] = [...(readings[fact] ?? []), reading];
  }
  return readings;
}

function sourceOf(shard: Shard, index: number): Source {
  const [url, checkedOn] = shard.sources[index] ?? ["", ""];
  return { url, checkedOn };
}
