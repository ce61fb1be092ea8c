import { type ProviderId, toModelId } from "../kernel/ids.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Source } from "../provider/provider.ts";
import type { CatalogEntry, FactReading, Glance, PriceStep, Readings } from "./catalog.ts";
import { FACTS } from "./readings.ts";
import { FLAG_SHIFT, modalitiesOf, priceOf, priceStepsOf, type Row, type Shard, unpackFact } from "./shard-format.ts";

export type ShardOrigin = "embedded" | "refreshed";

/** Which shard, and where it came from. */
export interface OpenShard {
  readonly shard: Shard;
  readonly provider: ProviderId;
  readonly origin: ShardOrigin;
}

const FLAGS = ["tools", "reasoning", "openWeights", "deprecated"] as const satisfies readonly (keyof typeof FLAG_SHIFT)[];

type Draft = { -readonly [K in keyof ModelSpec]: ModelSpec[K] };

/** One row as an entry. A class that makes the rest when it is asked for, because lists make thousands of them at once. */
class RowEntry implements CatalogEntry {
  private readonly row: Row;
  private readonly from: OpenShard;

  constructor(row: Row, from: OpenShard) {
    this.row = row;
    this.from = from;
  }

  get spec(): ModelSpec {
    return specOf(this.row, this.from);
  }

  glance(): Glance {
    const glance = glanceOf(this.row);
    if (this.row[12] !== undefined) addTo(glance, this.row[12]);
    return glance;
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

  glance(): Glance {
    return this.spec;
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

/** With all fields at once: objects of one shape are made and read several times faster. */
function glanceOf(row: Row): Glance {
  const flags = row[8] ?? 0;
  return {
    id: toModelId(row[0]),
    name: row[1] || row[0],
    contextTokens: row[4] || undefined,
    outputTokens: row[5] || undefined,
    input: row[6] ? modalitiesOf(row[6]) : undefined,
    tools: flagOf(flags, FLAG_SHIFT.tools),
    reasoning: flagOf(flags, FLAG_SHIFT.reasoning),
    usdPerMTok: row[9] ? priceOf(row[9]) : undefined,
    releasedOn: row[10] || undefined,
    deprecated: flagOf(flags, FLAG_SHIFT.deprecated),
  };
}

function flagOf(flags: number, shift: number): boolean | undefined {
  return (flags >> shift) & 1 ? ((flags >> shift) & 2) !== 0 : undefined;
}

/** What the row's main source states, and what only others do. */
function specOf(row: Row, from: OpenShard): ModelSpec {
  const spec = statedBy(row, from);
  if (row[12] !== undefined) addTo(spec, row[12]);
  return spec;
}

/** Facts that the main source does not state, as the first of the others does. */
function addTo(facts: Glance | Draft, more: readonly unknown[]): void {
  const open: Record<string, unknown> = facts;
  for (let at = 0; at < more.length; at += 3) {
    const fact = FACTS[more[at] as number];
    if (fact !== undefined && open[fact] === undefined) open[fact] = unpackFact(fact, more[at + 2]);
  }
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
  for (const fact of FLAGS) {
    const flag = flagOf(flags, FLAG_SHIFT[fact]);
    if (flag !== undefined) spec[fact] = flag;
  }
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
