import type { Host } from "../kernel/host.ts";
import { type ProviderId, toProfileId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { type AuthStore, emptyStore, entryProblem } from "./auth-store.ts";
import type { AuthProfile } from "./profile.ts";
import { permissionProblems, readStoreFile, type StoreFile } from "./store-file.ts";
import { asFields, readStoredEntry } from "./stored-profile.ts";

/** A file of an earlier version: provider → credential. */
interface LegacyFile {
  readonly name: "auth.json" | "oauth.json";
  readonly file: string;
}

/**
 * What earlier versions kept where there is no auth-profiles.json yet: `auth.json` of the agent, then `oauth.json` of the installation,
 * each entry as `<provider>:default`, the first of an id counting. Converted in memory only.
 * Logins of other programs (Qwen Code, MiniMax), which older agents copied in at this point, are not touched.
 */
export function readLegacyStores(host: Host, agentDir: string, oauthDir: string | undefined, idOf: (text: string) => ProviderId): AuthStore {
  const files: LegacyFile[] = [{ name: "auth.json", file: host.paths.join(agentDir, "auth.json") }];
  if (oauthDir !== undefined) files.push({ name: "oauth.json", file: host.paths.join(oauthDir, "oauth.json") });
  const profiles = new Map<AuthProfile["id"], AuthProfile>();
  const problems: Problem[] = [];
  for (const { name, file } of files) {
    const read = readLegacyFile({ host, file, called: `the legacy ${name}` }, name, idOf);
    for (const profile of read.profiles) if (!profiles.has(profile.id)) profiles.set(profile.id, profile);
    problems.push(...read.problems);
  }
  return { ...emptyStore(problems), profiles };
}

function readLegacyFile(store: StoreFile, name: LegacyFile["name"], idOf: (text: string) => ProviderId): { profiles: AuthProfile[]; problems: Problem[] } {
  const found = readStoreFile(store);
  if (found === undefined) return { profiles: [], problems: [] };
  if (found.kind === "problem") return { profiles: [], problems: [found.problem] };
  const entries = asFields(found.value);
  if (entries === undefined || entries["profiles"] !== undefined) return { profiles: [], problems: [] };
  const profiles: AuthProfile[] = [];
  const problems = permissionProblems(store);
  for (const [provider, value] of Object.entries(entries)) {
    const entry = readStoredEntry(value, name === "oauth.json" ? { provider, kind: "oauth" } : { provider });
    const id = toProfileId(`${idOf(provider)}:default`);
    if (entry.kind === "broken") problems.push(entryProblem(id, entry, "error", { file: store.file }));
    else profiles.push({ id, provider: idOf(entry.provider), origin: { kind: "store", file: store.file, inherited: false }, credential: entry.credential });
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
