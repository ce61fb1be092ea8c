import type { Host } from "../kernel/host.ts";
import type { StateStore } from "../state/state-store.ts";

/** What each model has cost today (UTC), by all processes of this machine that keep a log. */
export interface SpentToday {
  /** US dollars by "provider/model"; half a minute old at most. */
  byModel(): Promise<ReadonlyMap<string, number>>;
}

const DAY_MS = 24 * 60 * 60_000;
const FRESH_MS = 30_000;

export function openSpentToday(host: Pick<Host, "nowMs" | "monotonicMs">, store: Pick<StateStore, "events">): SpentToday {
  let known: ReadonlyMap<string, number> = new Map();
  let lookedMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<ReadonlyMap<string, number>> | undefined;
  const look = async (): Promise<ReadonlyMap<string, number>> => {
    const sums = new Map<string, number>();
    const startMs = Math.floor(host.nowMs() / DAY_MS) * DAY_MS;
    for await (const { servedBy, costUsd } of store.events(startMs, startMs + DAY_MS)) {
      if (servedBy !== undefined && costUsd !== undefined) sums.set(servedBy, (sums.get(servedBy) ?? 0) + costUsd);
    }
    return sums;
  };
  return {
    byModel: async () => {
      if (host.monotonicMs() - lookedMs < FRESH_MS) return looking ?? known;
      lookedMs = host.monotonicMs();
      looking = look();
      known = await looking;
      looking = undefined;
      return known;
    },
  };
}
