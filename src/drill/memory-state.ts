import type { RestRow, StateStore, UsageEvent } from "../state/state-store.ts";

/** What is remembered while a drill lasts. */
export function memoryState(): StateStore {
  const rows = new Map<string, RestRow>();
  const kept: UsageEvent[] = [];
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
    append: async (event) => void kept.push(event),
    flush: async () => undefined,
    async *events() {
      yield* kept;
    },
    lastFault: undefined,
  };
}
