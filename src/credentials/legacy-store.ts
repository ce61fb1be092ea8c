import type { Host } from "../kernel/host.ts";
import { type ProviderId, toProfileId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Problem } from "../kernel/problem.ts";
import { type AuthStore, emptyStore, entryProblem } from "./auth-store.ts";
import type { OpenFiles } from "./file-exposure.ts";
import type { AuthProfile } from "./profile.ts";
import { readStoreFile, type StoreFile, surroundings } from "./store-file.ts";
import { readStoredEntry } from "./stored-profile.ts";

/** A file of an earlier version: provider → credential. */
export interface LegacyFile {
  readonly name: "auth.json" | "oauth.json";
  readonly file: string;
}

/** The strongest first. `oauthDir`: where the installation's `oauth.json` is, for its main agent. */
export function legacyFiles(host: Host, agentDir: string, oauthDir: string | undefined): LegacyFile[] {
  const ofAgent: LegacyFile = { name: "auth.json", file: host.paths.join(agentDir, "auth.json") };
  return oauthDir === undefined ? [ofAgent] : [ofAgent, { name: "oauth.json", file: host.paths.join(oauthDir, "oauth.json") }];
}

/**
 * What earlier versions kept where there is no auth-profiles.json yet: each entry as `<provider>:default`, the first of an id counting.
 * Converted in memory only. Logins of other programs (Qwen Code, MiniMax), which older agents copied in at this point, are not touched.
 */
export function readLegacyStores(
  host: Host,
  agentDir: string,
  oauthDir: string | undefined,
  idOf: (text: string) => ProviderId,
  openFiles: OpenFiles = "refused",
): AuthStore {
  const profiles = new Map<AuthProfile["id"], AuthProfile>();
  const problems: Problem[] = [];
  for (const legacy of legacyFiles(host, agentDir, oauthDir)) {
    const read = readLegacyFile(legacyStoreFile(host, legacy, openFiles), legacy.name, idOf);
    for (const profile of read.profiles) if (!profiles.has(profile.id)) profiles.set(profile.id, profile);
    problems.push(...read.problems);
  }
  return { ...emptyStore(problems), profiles };
}

export function legacyStoreFile(host: Host, { name, file }: LegacyFile, openFiles: OpenFiles): StoreFile {
  return { host, file, called: `the legacy ${name}`, openFiles };
}

/** What such a file leaves unsaid: entries are keyed by provider, and those of `oauth.json` are all logins. */
export function legacyDefaults(name: LegacyFile["name"], provider: string): { readonly provider: string; readonly kind?: "oauth" } {
  return name === "oauth.json" ? { provider, kind: "oauth" } : { provider };
}

function readLegacyFile(store: StoreFile, name: LegacyFile["name"], idOf: (text: string) => ProviderId): { profiles: AuthProfile[]; problems: Problem[] } {
  const { file } = store;
  const found = readStoreFile(store);
  if (found === undefined) return { profiles: [], problems: [] };
  if (found.kind === "problem") return { profiles: [], problems: [found.problem] };
  const entries = objectAt(found.value);
  if (entries === undefined || entries["profiles"] !== undefined) return { profiles: [], problems: [] };
  const profiles: AuthProfile[] = [];
  const problems = surroundings(store);
  for (const [provider, value] of Object.entries(entries)) {
    const entry = readStoredEntry(value, legacyDefaults(name, provider));
    const id = toProfileId(`${idOf(provider)}:default`);
    if (entry.kind === "broken") problems.push(entryProblem(id, entry, "error", { file }));
    else profiles.push({ id, provider: idOf(entry.provider), origin: { kind: "store", file, inherited: false }, credential: entry.credential });
  }
  return { profiles, problems: profiles.length === 0 ? problems : [...problems, inUse(store)] };
}

function inUse({ file, called }: StoreFile): Problem {
  return {
    code: "STORE_SHAPE",
    severity: "note",
    subject: file,
    message: `credentials are read from ${called} of an earlier version`,
    hint: "It counts until there is an auth-profiles.json; nothing is converted on disk.",
    place: { file },
  };
}
