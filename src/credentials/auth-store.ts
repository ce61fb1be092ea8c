import { type ProfileId, type ProviderId, toProfileId } from "../kernel/ids.ts";
import { placesIn } from "../kernel/json-text.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { AuthProfile } from "./profile.ts";
import { readStoreFile, type StoreFile, storeProblem, surroundings } from "./store-file.ts";
import { type EntryFault, readStoredEntry } from "./stored-profile.ts";

/** What an older agent noted about a profile. Milliseconds since 1970. */
export interface UsageStats {
  readonly lastUsedMs?: number;
  readonly cooldownUntilMs?: number;
  readonly disabledUntilMs?: number;
  /** The only kind of failure that was counted. */
  readonly cooldownReason?: string;
  readonly disabledReason?: string;
}

/** One auth store as it stands in a file; also what was converted, in memory, from files of earlier versions. */
export interface AuthStore {
  readonly profiles: ReadonlyMap<ProfileId, AuthProfile>;
  readonly order: ReadonlyMap<ProviderId, readonly ProfileId[]>;
  readonly usage: ReadonlyMap<ProfileId, UsageStats>;
  readonly problems: readonly Problem[];
  /** Nothing in it could be used, for the reason that is the only problem. */
  readonly isUnread?: true;
}

type IdOf = (text: string) => ProviderId;

/** Schema version 1. A bad entry is a problem, and the others go on. undefined when there is no file. */
export function readAuthStore(store: StoreFile, idOf: IdOf): AuthStore | undefined {
  const found = readStoreFile(store);
  if (found === undefined) return undefined;
  if (found.kind === "problem") return { ...emptyStore([found.problem]), isUnread: true };
  const fields = storeFields(store, found.value, found.text);
  if (fields.kind === "problem") return { ...emptyStore([fields.problem]), isUnread: true };
  const { top, entries } = fields;
  const { profiles, problems } = readProfiles(store.file, found.text, entries, idOf);
  return {
    profiles,
    order: readOrder(top["order"], idOf),
    usage: readUsage(top["usageStats"]),
    problems: [...surroundings(store), ...versionProblems(store, top["version"]), ...problems],
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The shape that makes a value an auth store: an object with an object of `profiles`. With the text, a problem has its line and column. */
export function storeFields(
  store: StoreFile,
  value: unknown,
  text?: string,
): { readonly kind: "fields"; readonly top: Fields; readonly entries: Fields } | { readonly kind: "problem"; readonly problem: Problem } {
  const top = objectAt(value);
  const entries = objectAt(top?.["profiles"]);
  if (top !== undefined && entries !== undefined) return { kind: "fields", top, entries };
  return { kind: "problem", problem: shapeProblem(store, top, text) };
}

/** Each wrong shape is told as what it is: a person who reads that "profiles" is missing looks for a word that may well be there. */
function shapeProblem(store: StoreFile, top: Fields | undefined, text: string | undefined): Problem {
  const hasProfiles = top !== undefined && Object.hasOwn(top, "profiles");
  const wrong = top === undefined ? "is JSON, but no object" : hasProfiles ? 'has "profiles", but they are no object' : 'is JSON, but has no "profiles"';
  const placeOf = text === undefined ? () => undefined : placesIn(text, store.file, "json");
  const place = (hasProfiles ? placeOf(["profiles"]) : undefined) ?? placeOf([]) ?? (text === undefined ? undefined : startOf(text, store.file));
  return storeProblem(store, "STORE_SHAPE", `${wrong}: it must be an object in which "profiles" is an object of accounts`, place);
}

/** Of a bare value, which has no place of its own. */
function startOf(text: string, file: string): Place {
  const before = text.slice(0, text.search(/\S|$/)).split("\n");
  return { file, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

export function emptyStore(problems: readonly Problem[] = []): AuthStore {
  return { profiles: new Map(), order: new Map(), usage: new Map(), problems };
}

function readProfiles(file: string, text: string, entries: Readonly<Record<string, unknown>>, idOf: IdOf): Pick<AuthStore, "profiles" | "problems"> {
  const profiles = new Map<ProfileId, AuthProfile>();
  const problems: Problem[] = [];
  const placeOf = placesIn(text, file, "json");
  for (const [name, value] of Object.entries(entries)) {
    const entry = readStoredEntry(value);
    const faults = entry.kind === "broken" ? [entry] : entry.doubts;
    const severity = entry.kind === "broken" ? "error" : "warning";
    for (const fault of faults) problems.push(entryProblem(name, fault, severity, placeOf(["profiles", name]) ?? { file }));
    if (entry.kind === "broken") continue;
    const { provider, credential, reference, email, login } = entry;
    const id = toProfileId(name);
    profiles.set(id, {
      id,
      provider: idOf(provider),
      origin: { kind: "store", file, inherited: false },
      credential,
      ...(reference !== undefined && { reference }),
      ...(email !== undefined && { email }),
      ...(login !== undefined && { login }),
    });
  }
  return { profiles, problems };
}

export function entryProblem(name: string, fault: EntryFault, severity: Problem["severity"], place: Place): Problem {
  return { code: "STORE_ENTRY_BROKEN", severity, subject: name, message: `the stored profile "${name}" ${fault.message}`, hint: fault.hint, place };
}

function readOrder(value: unknown, idOf: IdOf): Map<ProviderId, readonly ProfileId[]> {
  const order = new Map<ProviderId, readonly ProfileId[]>();
  for (const [provider, ids] of Object.entries(objectAt(value) ?? {})) {
    const texts = Array.isArray(ids) ? ids.filter((id) => typeof id === "string").map((id) => id.trim()) : [];
    const listed = [...new Set(texts)].filter((id) => id !== "").map(toProfileId);
    if (listed.length > 0) order.set(idOf(provider), listed);
  }
  return order;
}

function readUsage(value: unknown): Map<ProfileId, UsageStats> {
  const usage = new Map<ProfileId, UsageStats>();
  for (const [id, stats] of Object.entries(objectAt(value) ?? {})) {
    const fields = objectAt(stats);
    if (fields === undefined) continue;
    const times = { lastUsedMs: fields["lastUsed"], cooldownUntilMs: fields["cooldownUntil"], disabledUntilMs: fields["disabledUntil"] };
    const known = Object.entries(times).filter(([, time]) => typeof time === "number" && Number.isFinite(time));
    usage.set(toProfileId(id), { ...Object.fromEntries(known), ...reasonsOf(fields) });
  }
  return usage;
}

function reasonsOf(fields: Readonly<Record<string, unknown>>): Pick<UsageStats, "cooldownReason" | "disabledReason"> {
  const disabledReason = fields["disabledReason"];
  const [cooldownReason, ...more] = Object.keys(objectAt(fields["failureCounts"]) ?? {});
  return {
    ...(cooldownReason !== undefined && more.length === 0 && { cooldownReason }),
    ...(typeof disabledReason === "string" && disabledReason !== "" && { disabledReason }),
  };
}

function versionProblems(store: StoreFile, version: unknown): Problem[] {
  if (typeof version !== "number" || version <= 1) return [];
  const problem = storeProblem(store, "STORE_SHAPE", `says version ${version}; version 1 is what is read here`);
  return [{ ...problem, severity: "warning", hint: "Profiles of a kind that version 1 does not know are not shown." }];
}
