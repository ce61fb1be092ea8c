import type { Source } from "../provider/provider.ts";
import type { PriceStep } from "./catalog.ts";
import { disagree, FACTS, type Fact, type StatedFacts } from "./readings.ts";
import { FLAG_SHIFT, maskOf, packFact, packPrice, type Row, SHARD_VERSION, type Shard } from "./shard-format.ts";

/** One model, and what each source states of it, the one that counts first. */
export interface StatedModel {
  readonly id: string;
  readonly stated: readonly { readonly source: Source; readonly facts: StatedFacts; readonly priceSteps?: readonly PriceStep[] }[];
}

export interface ListedIds {
  readonly source: Source;
  readonly ids: readonly string[];
}

/** The shard of one provider: sorted, without ids that have facts, the same for the same input. */
export function packShard(provider: string, models: readonly StatedModel[], lists: readonly ListedIds[]): Shard {
  const tables = { sources: [] as Source[], protocols: [] as string[] };
  const rows = [...models].sort(byId).map((model) => packRow(model, tables));
  const taken = new Set(models.map(({ id }) => id));
  const ids = lists.flatMap(({ source, ids: listed }) => {
    const fresh = [...new Set(listed)].filter((id) => !taken.has(id)).sort();
    for (const id of fresh) taken.add(id);
    return fresh.length === 0 ? [] : [[indexIn(tables.sources, source, sameSource), fresh] as const];
  });
  const sources = tables.sources.map(({ url, checkedOn }) => [url, checkedOn] as const);
  return { v: SHARD_VERSION, provider, sources, protocols: tables.protocols, models: rows, ids };
}

/** One row a line: a change of one model is a change of one line. */
export function shardText({ models, ids, ...frame }: Shard): string {
  const head = JSON.stringify(frame).slice(0, -1);
  const lines = (items: readonly unknown[]): string => (items.length === 0 ? "[]" : `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`);
  return `${head},"models":${lines(models)},"ids":${lines(ids)}}\n`;
}

function packRow({ id, stated }: StatedModel, tables: { sources: Source[]; protocols: string[] }): Row {
  const { facts, elsewhere, contrary } = weighed(stated, tables.sources);
  const priceSteps = stated.find((reading) => reading.facts.usdPerMTok !== undefined)?.priceSteps;
  const { protocol } = facts;
  return withoutSilence([
    id,
    facts.name === id ? "" : (facts.name ?? ""),
    stated[0] === undefined ? 0 : indexIn(tables.sources, stated[0].source, sameSource),
    protocol === undefined ? -1 : indexIn(tables.protocols, protocol, Object.is),
    facts.contextTokens ?? 0,
    facts.outputTokens ?? 0,
    maskOf(facts.input ?? []),
    maskOf(facts.output ?? []),
    flagsOf(facts),
    facts.usdPerMTok === undefined ? 0 : packPrice(facts.usdPerMTok, priceSteps),
    facts.releasedOn ?? "",
    facts.baseUrl ?? "",
    elsewhere,
    contrary,
  ]);
}

/** Of each fact the first reading, which counts; whose it is, where that is not the main source; and what contradicts it. */
function weighed(stated: StatedModel["stated"], sources: Source[]): { facts: StatedFacts; elsewhere: number[]; contrary: unknown[] } {
  const facts: { -readonly [F in Fact]?: unknown } = {};
  const elsewhere: number[] = [];
  const contrary: unknown[] = [];
  for (const [place, { source, facts: theirs }] of stated.entries()) {
    for (const [index, fact] of FACTS.entries()) {
      const value = theirs[fact];
      if (value === undefined) continue;
      if (facts[fact] === undefined) {
        facts[fact] = value;
        if (place > 0) elsewhere.push(index, indexIn(sources, source, sameSource));
      } else if (disagree(fact, facts[fact], value)) contrary.push(index, indexIn(sources, source, sameSource), packFact(fact, value));
    }
  }
  return { facts: facts as StatedFacts, elsewhere, contrary };
}

function flagsOf(facts: StatedFacts): number {
  let flags = 0;
  for (const [fact, shift] of Object.entries(FLAG_SHIFT) as [keyof typeof FLAG_SHIFT, number][]) {
    if (facts[fact] !== undefined) flags |= (facts[fact] ? 3 : 1) << shift;
  }
  return flags;
}

function withoutSilence(row: Row): Row {
  const kept: unknown[] = [...row];
  const says = (value: unknown): boolean => value !== 0 && value !== -1 && value !== "" && !(Array.isArray(value) && value.length === 0);
  while (kept.length > 3 && !says(kept.at(-1))) kept.pop();
  return kept as unknown as Row;
}

function indexIn<T>(table: T[], item: T, same: (a: T, b: T) => boolean): number {
  const at = table.findIndex((known) => same(known, item));
  return at >= 0 ? at : table.push(item) - 1;
}

function sameSource(one: Source, other: Source): boolean {
  return one.url === other.url && one.checkedOn === other.checkedOn;
}

function byId({ id: one }: { id: string }, { id: other }: { id: string }): number {
  return one < other ? -1 : Number(one > other);
}
