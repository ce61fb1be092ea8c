import { AppError } from "../kernel/errors.ts";
import { type ProfileId, type ProviderId, toProfileId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { listedFor, relisted, type StoreDocument } from "./store-document.ts";
import { isSameLogin } from "./secret-text.ts";
import { type EntryContent, storedEntry } from "./store-entry.ts";
import { readStoredEntry, type StoredEntry } from "./stored-profile.ts";

type IdOf = (text: string) => ProviderId;

/** One auth store while it is being changed. Fields that we do not know stay, and so do entries that are broken. */
export interface Draft {
  readonly ids: readonly ProfileId[];
  has(id: ProfileId): boolean;
  /** undefined also of an entry that does not say. */
  providerOf(id: ProfileId): ProviderId | undefined;
  /**
   * Other fields of an entry of the same kind and provider stay (`metadata`, `clientId`). With another secret, notes about
   * the old one go. A store's order for the provider gets a new id at its front.
   */
  put(id: ProfileId, profile: EntryContent): "added" | "replaced";
  /** Logins of ours that were taken out, or that something else took the place of: nobody renews them any more. */
  readonly endedLogins: ReadonlySet<ProfileId>;
  /** As it stands now; undefined of one that is not there or is broken. */
  entry(id: ProfileId): Extract<StoredEntry, { kind: "profile" }> | undefined;
  /** The same account with other tokens, or other notes about its renewals: what agents noted of its failures and its place in the orders stay. */
  renew(id: ProfileId, profile: EntryContent): void;
  /** With its place in the orders and all notes about it. */
  remove(id: ProfileId): "removed" | "absent";
  /** With its place in the orders and all notes about it. Throws PROFILE_UNKNOWN or PROFILE_EXISTS. */
  rename(from: ProfileId, to: ProfileId): void;
  order(provider: ProviderId): readonly ProfileId[] | undefined;
  /** undefined takes the order out. */
  setOrder(provider: ProviderId, ids: readonly ProfileId[] | undefined): void;
}

/** Changes of a raw document, named as commands mean them. What one does not name stays as it is. */
export function draftOf(document: StoreDocument, idOf: IdOf): Draft {
  const has = (id: ProfileId): boolean => document.entries("profiles").has(id);
  const providerOf = (id: ProfileId): ProviderId | undefined => {
    const provider = objectAt(document.entries("profiles").get(id))?.["provider"];
    return typeof provider === "string" && provider.trim() !== "" ? idOf(provider) : undefined;
  };
  const orderOf = (provider: ProviderId): ProfileId[] | undefined => listedFor(provider, document.entries("order"), idOf);
  const endedLogins = new Set<ProfileId>();
  return {
    endedLogins,
    get ids() {
      return [...document.entries("profiles").keys()].map(toProfileId);
    },
    has,
    providerOf,
    put: (id, profile) => {
      const before = has(id) ? providerOf(id) : null;
      if (endsLogin(document, id, profile)) endedLogins.add(id);
      putEntry(document, id, profile, idOf);
      if (before === profile.provider) return "replaced";
      if (before !== null) document.edit("order", (orders) => relisted(orders, (listed) => (listed === id ? undefined : listed)));
      const order = orderOf(profile.provider);
      if (order !== undefined) setOrder(document, profile.provider, [id, ...order.filter((listed) => listed !== id)], idOf);
      return before === null ? "added" : "replaced";
    },
    entry: (id) => entryIn(document, id),
    renew: (id, profile) => document.edit("profiles", (profiles) => void profiles.set(id, storedEntry(profile, profiles.get(id), idOf))),
    remove: (id) => {
      if (!has(id)) return "absent";
      if (endsLogin(document, id)) endedLogins.add(id);
      document.edit("profiles", (profiles) => void profiles.delete(id));
      document.edit("order", (orders) => relisted(orders, (listed) => (listed === id ? undefined : listed)));
      document.edit("usageStats", (stats) => void stats.delete(id));
      document.edit("lastGood", (good) => forEachOf(good, id, (provider) => void good.delete(provider)));
      return "removed";
    },
    rename: (from, to) => {
      if (from === to && has(from)) return;
      refuseRename(document, from, to);
      document.edit("profiles", (profiles) => renameKey(profiles, from, to));
      document.edit("order", (orders) => relisted(orders, (listed) => (listed === from ? to : listed)));
      document.edit("usageStats", (stats) => renameKey(stats, from, to));
      document.edit("lastGood", (good) => forEachOf(good, from, (provider) => void good.set(provider, to)));
    },
    order: orderOf,
    setOrder: (provider, ids) => setOrder(document, provider, ids, idOf),
  };
}

function entryIn(document: StoreDocument, id: ProfileId): ReturnType<Draft["entry"]> {
  const entries = document.entries("profiles");
  const read = entries.has(id) ? readStoredEntry(entries.get(id)) : undefined;
  return read?.kind === "profile" ? read : undefined;
}

function endsLogin(document: StoreDocument, id: ProfileId, by?: EntryContent): boolean {
  const before = entryIn(document, id);
  return before?.login !== undefined && (by === undefined || !isSameLogin(before.credential, by.credential));
}

/** What an agent noted of the failures of another secret says nothing about the new one. */
function putEntry(document: StoreDocument, id: ProfileId, profile: EntryContent, idOf: IdOf): void {
  const before = document.entries("profiles").get(id);
  const after = storedEntry(profile, before, idOf);
  document.edit("profiles", (profiles) => void profiles.set(id, after));
  if (before !== undefined && !isSameSecret(objectAt(before), after)) document.edit("usageStats", (stats) => void stats.delete(id));
}

function isSameSecret(before: Readonly<Record<string, unknown>> | undefined, after: Readonly<Record<string, unknown>>): boolean {
  return ["key", "token", "access", "ref"].every((field) => before?.[field] === after[field]);
}

/** Under the name that the file has for the provider; further spellings of it go. */
function setOrder(document: StoreDocument, provider: ProviderId, ids: readonly ProfileId[] | undefined, idOf: IdOf): void {
  document.edit("order", (orders) => {
    const [first, ...others] = [...orders.keys()].filter((written) => idOf(written) === provider);
    const listed = [...new Set(ids ?? [])];
    for (const written of listed.length === 0 ? [first, ...others] : others) if (written !== undefined) orders.delete(written);
    if (listed.length > 0) orders.set(first ?? provider, listed);
  });
}

function refuseRename(document: StoreDocument, from: ProfileId, to: ProfileId): void {
  const ids = [...document.entries("profiles").keys()];
  if (!ids.includes(from)) {
    throw new AppError("PROFILE_UNKNOWN", `no account "${from}" is stored.${didYouMean(from, ids)}`, { hint: "See `{cli} models auth list`." });
  }
  if (ids.includes(to))
    throw new AppError("PROFILE_EXISTS", `an account "${to}" is stored already`, { hint: "Choose another name, or remove that one first." });
}

/** In its place. */
function renameKey(entries: Map<string, unknown>, from: string, to: string): void {
  if (!entries.has(from)) return;
  const all = [...entries];
  entries.clear();
  for (const [key, value] of all) if (key !== to) entries.set(key === from ? to : key, value);
}

function forEachOf(good: ReadonlyMap<string, unknown>, id: ProfileId, change: (provider: string) => void): void {
  for (const [provider, named] of [...good]) if (named === id) change(provider);
}
