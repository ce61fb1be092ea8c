import type { Agents } from "../config/agents.ts";
import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { type ProfileId, type ProviderId, toProfileId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Problem } from "../kernel/problem.ts";
import { type LegacyFile, legacyDefaults, legacyFiles, legacyStoreFile } from "./legacy-store.ts";
import { readLayeredStore } from "./layered-store.ts";
import { oauthDirOf } from "./oauth-dir.ts";
import { readStoreFile, type StoreFile } from "./store-file.ts";

export interface CarryInput {
  readonly idOf: (text: string) => ProviderId;
  readonly names?: InstallationNames;
  readonly config?: LoadedConfig;
  readonly agents?: Agents;
}

export interface CarriedOver {
  /** As a store keeps them: raw, broken ones too. */
  readonly entries: ReadonlyMap<string, unknown>;
  readonly files: readonly { readonly file: string; readonly ids: readonly ProfileId[] }[];
  /** Files that cannot be read: what they hold would be lost to sight. */
  readonly problems: readonly Problem[];
}

/**
 * What earlier versions kept for the agent whose store is about to be made, for they are read only while there is none. Of a secondary agent only
 * what counts for it now: nothing where it reads through to the main agent's.
 */
export function carryOver(store: StoreFile, input: CarryInput): CarriedOver {
  const entries = new Map<string, unknown>();
  const files: { file: string; ids: ProfileId[] }[] = [];
  const problems: Problem[] = [];
  for (const legacy of filesFor(store, input)) {
    const found = readStoreFile(legacyStoreFile(store.host, legacy, store.openFiles ?? "refused"));
    if (found === undefined) continue;
    if (found.kind === "problem") {
      problems.push(found.problem);
      continue;
    }
    const taken = entriesOf(legacy, found.value, input.idOf).filter(([id]) => !entries.has(id));
    for (const [id, entry] of taken) entries.set(id, entry);
    if (taken.length > 0) files.push({ file: legacy.file, ids: taken.map(([id]) => toProfileId(id)) });
  }
  return { entries, files, problems };
}

function filesFor({ host, file, openFiles = "refused" }: StoreFile, { idOf, names, config, agents }: CarryInput): LegacyFile[] {
  const dir = host.paths.dirname(file);
  if (config === undefined || agents === undefined) return legacyFiles(host, dir, undefined);
  const oauthDir = oauthDirOf({ host, config, ...(names !== undefined && { names }) });
  if (host.paths.resolve(dir) === host.paths.resolve(agents.mainDir)) return legacyFiles(host, dir, oauthDir);
  const main = { ...agents, chosen: { ...agents.chosen, dir: agents.mainDir } };
  const seen = readLayeredStore({ host, agents: main, oauthDir, idOf, openFiles }).profiles.size;
  return seen > 0 ? [] : legacyFiles(host, dir, undefined);
}

function entriesOf({ name }: LegacyFile, value: unknown, idOf: (text: string) => ProviderId): [string, unknown][] {
  const written = objectAt(value);
  if (written === undefined || written["profiles"] !== undefined) return [];
  return Object.entries(written).map(([provider, entry]) => [`${idOf(provider)}:default`, asStored(entry, legacyDefaults(name, provider))]);
}

/** With its kind and provider said, as a store has them. */
function asStored(entry: unknown, { provider, kind }: ReturnType<typeof legacyDefaults>): unknown {
  const fields = objectAt(entry);
  if (fields === undefined) return entry;
  return { ...fields, ...(kind !== undefined && fields["type"] == null && { type: kind }), ...(fields["provider"] == null && { provider }) };
}
