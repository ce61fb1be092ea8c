import type { Host } from "../kernel/host.ts";
import { keptRests } from "./read-rests.ts";
import type { RestRow, StateStore, UsageEvent } from "./state-store.ts";

/** Of events, the newest so many are kept: some hours of a busy program. */
const MAX_EVENTS = 100_000;

/** A store that ends with its process: for a drill, and for programs that share nothing with others. */
export function memoryState(host: Pick<Host, "nowMs">): StateStore {
  let rows: ReadonlyMap<string, RestRow> = new Map();
  let kept: UsageEvent[] = [];
  return {
    rests: async () => keptRests(rows.values(), host.nowMs()),
    changeRests: async (keys, change) => {
      const next = keptRests(rows.values(), host.nowMs());
      for (const [key, row] of change(new Map(keys.flatMap((key) => next.get(key) ?? []).map((row) => [row.key, row])))) {
        if (row === undefined) next.delete(key);
        else next.set(key, row);
      }
      rows = keptRests(next.values(), host.nowMs());
      return "changed";
    },
    append: async (event) => {
      kept.push(event);
      if (kept.length >= 2 * MAX_EVENTS) kept = kept.slice(-MAX_EVENTS);
    },
    flush: async () => undefined,
    async *events(fromMs, toMs) {
      yield* kept.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    },
    lastFault: undefined,
  };
}
