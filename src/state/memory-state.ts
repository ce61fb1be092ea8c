import type { RestRow, StateStore, UsageEvent } from "./state-store.ts";

/** Of events, the newest so many are kept: some hours of a busy program. */
const MAX_EVENTS = 100_000;

/** A store that ends with its process: for a drill, and for programs that share nothing with others. */
export function memoryState(): StateStore {
  const rows = new Map<string, RestRow>();
  let kept: UsageEvent[] = [];
  return {
    rests: async () => new Map(rows),
    changeRests: async (keys, change) => {
      const known = new Map(keys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key) as RestRow] as const] : [])));
      for (const [key, row] of change(known)) {
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
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
