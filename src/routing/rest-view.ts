import type { Host } from "../kernel/host.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";

/** One change of one row, worked out again on the row as it stands in the store. `undefined`: the row goes. */
export interface RestChange {
  readonly key: string;
  readonly change: (row: RestRow | undefined) => RestRow | undefined;
}

const FRESH_MS = 250;
/** Clients choose the names of models: what nobody keeps goes an hour after its end. */
const KEPT_MS = 60 * 60_000;

export type Machine = Pick<Host, "nowMs" | "monotonicMs" | "wait">;

/** What the store held when it was last read, with what was noted here since. */
export interface RestView {
  readonly host: Machine;
  readonly store: StateStore;
  view: Map<string, RestRow>;
  pending: RestChange[];
  /** Rows that no store keeps: of this process alone, or because the disk failed. */
  readonly own: Map<string, RestRow>;
  lookedMs: number;
  looking: Promise<ReadonlyMap<string, RestRow>> | undefined;
  /** Before the store was read once, nobody knows what rests. */
  isRead: boolean;
  /** Beginnings and ends of changes of the store: what was read across one of them is older than what is known here. */
  changeCount: number;
  writing: Promise<void> | undefined;
}

export function openRestView(host: Machine, store: StateStore): RestView {
  const empty = { view: new Map<string, RestRow>(), pending: [], own: new Map<string, RestRow>() };
  const unread = { lookedMs: Number.NEGATIVE_INFINITY, looking: undefined, isRead: false, changeCount: 0 };
  return { host, store, ...empty, ...unread, writing: undefined };
}

export async function look(known: RestView): Promise<ReadonlyMap<string, RestRow>> {
  if (isFresh(known)) return known.view;
  known.looking ??= read(known).finally(() => {
    known.looking = undefined;
  });
  return known.looking;
}

async function read(known: RestView): Promise<ReadonlyMap<string, RestRow>> {
  const { host, store, own, changeCount } = known;
  known.lookedMs = host.monotonicMs();
  const stored = await store.rests();
  if (known.changeCount !== changeCount) {
    if (known.isRead) return known.view;
    await known.writing;
    return read(known);
  }
  const next = new Map(stored);
  for (const [key, row] of own) {
    const isOld = row.untilMs < host.nowMs() - KEPT_MS;
    if (isOld || (next.get(key)?.sinceMs ?? 0) > row.sinceMs) own.delete(key);
    else next.set(key, row);
  }
  for (const change of known.pending) apply(next, change);
  known.view = next;
  known.isRead = true;
  return next;
}

export function isFresh({ host, isRead, lookedMs, writing }: RestView): boolean {
  return isRead && (writing !== undefined || host.monotonicMs() - lookedMs < FRESH_MS);
}

export async function changeStored(known: RestView, ...change: Parameters<StateStore["changeRests"]>): ReturnType<StateStore["changeRests"]> {
  known.changeCount++;
  try {
    return await known.store.changeRests(...change);
  } finally {
    known.changeCount++;
    known.lookedMs = Number.NEGATIVE_INFINITY;
  }
}

export function keepOwn(own: Map<string, RestRow>, key: string, row: RestRow | undefined): void {
  if (row === undefined) own.delete(key);
  else own.set(key, row);
}

export function apply(rows: Map<string, RestRow>, { key, change }: RestChange): void {
  const row = rows.get(key);
  const next = change(row);
  if (next === undefined) rows.delete(key);
  else if (next !== row) rows.set(key, next);
}
