import type { RestRow, StateStore } from "../state/state-store.ts";
import { apply, changeStored, isFresh, keepOwn, look, type Machine, openRestView, type RestChange, type RestView } from "./rest-view.ts";

/** Rows that are to be tried by one alone. */
export interface RestClaim {
  readonly keys: readonly string[];
  /** For keys of which no row is written down. */
  readonly seeds: ReadonlyMap<string, RestRow>;
  readonly isFree: (row: RestRow) => boolean;
  readonly taken: (row: RestRow) => RestRow;
}

/** The rows of this machine as this process sees them: what the store holds, and what was noted here since. */
export interface RestBook {
  /** Nothing is known to rest: there is nothing to end. */
  isEmpty(): boolean;
  rows(): Promise<ReadonlyMap<string, RestRow>>;
  /** The same, where nothing has to be read for it. */
  rowsAtHand(): ReadonlyMap<string, RestRow> | undefined;
  note(changes: readonly RestChange[]): void;
  /** Whether it is ours. What is busy or taken is not; a disk that fails keeps nobody from trying. */
  claim(claim: RestClaim): Promise<boolean>;
  clear(keys: readonly string[]): Promise<readonly RestRow[]>;
  flush(): Promise<void>;
}

const FLUSH_AFTER_MS = 250;

interface Book extends RestView {
  isDue: boolean;
}

export function openRestBook(host: Machine, store: StateStore): RestBook {
  const book: Book = { ...openRestView(host, store), isDue: false };
  return {
    isEmpty: () => book.view.size === 0,
    rows: () => look(book),
    rowsAtHand: () => (isFresh(book) ? book.view : undefined),
    note: (changes) => note(book, changes),
    claim: (wanted) => claim(book, wanted),
    clear: (keys) => clear(book, keys),
    flush: () => flush(book),
  };
}

/** Of overloads only this process knows: they are over before others would have read of them. */
function isShared(key: string): boolean {
  return !key.startsWith("endpoint+model ");
}

function note(book: Book, changes: readonly RestChange[]): void {
  const { view, own, pending } = book;
  for (const one of changes) {
    const before = view.get(one.key);
    apply(view, one);
    if (view.get(one.key) === before) continue;
    if (isShared(one.key)) pending.push(one);
    else keepOwn(own, one.key, view.get(one.key));
  }
  due(book);
}

function due(book: Book): void {
  if (book.pending.length === 0 || book.isDue) return;
  book.isDue = true;
  void later(book);
}

async function later(book: Book): Promise<void> {
  await book.host.wait(FLUSH_AFTER_MS);
  book.isDue = false;
  await flush(book);
}

async function flush(book: Book): Promise<void> {
  while (book.writing !== undefined) await book.writing;
  if (book.pending.length === 0) return;
  book.writing = write(book);
  try {
    await book.writing;
  } finally {
    book.writing = undefined;
  }
}

async function write(book: Book): Promise<void> {
  const changes = book.pending;
  book.pending = [];
  const keys = [...new Set(changes.map(({ key }) => key))];
  const outcome = await changeStored(book, keys, (rows) => {
    const next = new Map(rows);
    for (const change of changes) apply(next, change);
    return new Map(keys.map((key) => [key, next.get(key)]));
  });
  if (outcome === "busy") {
    book.pending = [...changes, ...book.pending];
    due(book);
    return;
  }
  for (const key of keys) keepOwn(book.own, key, outcome === "failed" ? book.view.get(key) : undefined);
}

async function claim(book: Book, { keys, seeds, isFree, taken }: RestClaim): Promise<boolean> {
  const isTaken = (row: RestRow | undefined): boolean => row !== undefined && !isFree(row);
  const take = (rows: Map<string, RestRow>, some: readonly string[]): void => {
    for (const key of some) {
      const row = rows.get(key) ?? seeds.get(key);
      if (row !== undefined) rows.set(key, taken(row));
    }
  };
  if (keys.some((key) => isTaken(book.view.get(key)))) return false;
  take(book.view, keys);
  const shared = keys.filter(isShared);
  for (const key of keys) if (!isShared(key)) keepOwn(book.own, key, book.view.get(key));
  await flush(book);
  if (shared.length === 0) return true;
  let isWon = true;
  const outcome = await changeStored(book, shared, (rows) => {
    isWon = !shared.some((key) => isTaken(rows.get(key)));
    if (!isWon) return new Map();
    const next = new Map(rows);
    take(next, shared);
    return next;
  });
  if (outcome === "failed") for (const key of shared) keepOwn(book.own, key, book.view.get(key));
  return isWon && outcome !== "busy";
}

async function clear(book: Book, keys: readonly string[]): Promise<readonly RestRow[]> {
  await flush(book);
  const gone: RestRow[] = keys.flatMap((key) => book.own.get(key) ?? []);
  for (const key of keys) book.own.delete(key);
  await changeStored(book, keys, (rows) => {
    gone.push(...rows.values());
    return new Map(keys.map((key) => [key, undefined]));
  });
  return gone;
}
