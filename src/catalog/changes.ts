import type { Shard } from "./shard-format.ts";

/** How two versions of a catalogue differ, in models. */
export interface Changes {
  readonly added: number;
  readonly removed: number;
  /** Another fact is stated of it than before. */
  readonly changed: number;
  /** Those with a difference, the largest first. */
  readonly providers: readonly ProviderChanges[];
}

export interface ProviderChanges {
  readonly provider: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** `oldProviders`: the index of the version before, for providers that are gone. */
export function changesBetween(
  oldShard: (provider: string) => Shard | undefined,
  oldProviders: readonly (readonly [id: string, ...rest: unknown[]])[],
  shards: readonly Shard[],
): Changes {
  const kept = new Set(shards.map(({ provider }) => provider));
  const gone = oldProviders.map(([id]) => id).filter((id) => !kept.has(id));
  const all = [
    ...shards.map((shard) => differences(shard.provider, oldShard(shard.provider), shard)),
    ...gone.map((id) => differences(id, oldShard(id), undefined)),
  ];
  const providers = all.filter((one) => size(one) > 0).sort((one, other) => size(other) - size(one) || (one.provider < other.provider ? -1 : 1));
  const sum = (count: "added" | "removed" | "changed"): number => providers.reduce((total, one) => total + one[count], 0);
  return { added: sum("added"), removed: sum("removed"), changed: sum("changed"), providers };
}

function differences(provider: string, before: Shard | undefined, after: Shard | undefined): ProviderChanges {
  const [old, fresh] = [contents(before), contents(after)];
  const removed = [...old.keys()].filter((id) => !fresh.has(id)).length;
  const added = [...fresh.keys()].filter((id) => !old.has(id)).length;
  const changed = [...fresh].filter(([id, facts]) => (old.get(id) ?? facts) !== facts).length;
  return { provider, added, removed, changed };
}

/** Model id → its facts as text, without their source: the same facts read on another day are no change. */
function contents(shard: Shard | undefined): Map<string, string> {
  const rows = (shard?.models ?? []).map(([id, name, , protocol, ...facts]): [string, string] => [
    id,
    JSON.stringify([name, shard?.protocols[protocol ?? -1], ...facts]),
  ]);
  const bare = (shard?.ids ?? []).flatMap(([, ids]) => ids.map((id): [string, string] => [id, ""]));
  return new Map([...rows, ...bare]);
}

function size({ added, removed, changed }: ProviderChanges): number {
  return added + removed + changed;
}
