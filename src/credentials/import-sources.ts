import type { Agents } from "../config/agents.ts";
import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { readAuthStore } from "./auth-store.ts";
import { environmentProfiles } from "./environment-profiles.ts";
import { openFilesOf } from "./file-exposure.ts";
import { lineOfVariable } from "./known-tools-document.ts";
import { toolSecrets } from "./known-tools-read.ts";
import { readLegacyStores } from "./legacy-store.ts";
import { oauthDirOf } from "./oauth-dir.ts";
import type { AuthProfile, Credential, SecretReference } from "./profile.ts";

/** A credential somewhere else on this machine, and under which id it would be stored. */
export interface ImportCandidate {
  /** For `--from`: "environment", "older-files", the name of a state folder, or of a tool. */
  readonly source: string;
  readonly label: string;
  /** undefined for the environment of the process. */
  readonly place: Place | undefined;
  readonly called: string | undefined;
  /** undefined where the registry knows no provider of that name. */
  readonly provider: ProviderId | undefined;
  readonly providerName: string;
  readonly wantedId: string;
  /** Blank where a reference leads to the secret. */
  readonly credential: Credential;
  readonly reference?: SecretReference;
  readonly email?: string;
  readonly notOurs?: string;
}

export interface ImportInput {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly registry: ProviderRegistry;
}

const RENEWS_ITSELF = "A login renews itself in the one file that holds it; a copy would end one of the two. Log in here instead.";

/** Everything that could be imported or is worth knowing of; nothing is changed. The environment first, then files of this brand, then tools. */
export function importCandidates(input: ImportInput): FoundCandidates {
  const folders = olderFolders(input).map((folder) => fromFolder(folder, input));
  return {
    candidates: [...fromEnvironment(input), ...fromUnreadFiles(input), ...folders.flatMap(({ candidates }) => candidates), ...fromTools(input)],
    problems: folders.flatMap(({ problems }) => problems),
  };
}

export interface FoundCandidates {
  readonly candidates: readonly ImportCandidate[];
  /** Of older stores that could not be read. */
  readonly problems: readonly Problem[];
}

/** The words that `--from` takes on this machine, whether something is there or not. */
export function importSources(input: ImportInput, tools: readonly { readonly id: string }[]): string[] {
  return ["environment", "older-files", ...olderFolders(input).map(({ name }) => name), ...tools.map(({ id }) => id)];
}

/** Of a variable that several providers know, for the one that has `env:NAME`. */
function fromEnvironment({ host, config, registry }: ImportInput): ImportCandidate[] {
  const found = environmentProfiles(registry, config.environment).flatMap((profile): ImportCandidate[] => {
    const { origin, credential, provider, id } = profile;
    if (origin.kind !== "env" || id !== `env:${origin.variable}`) return [];
    const read = origin.setIn === "dotenv" && origin.file !== undefined ? host.readText(origin.file, LARGEST_BYTES) : undefined;
    const line = read?.kind === "text" ? lineOfVariable(read.text, origin.variable) : undefined;
    const place = origin.file === undefined ? undefined : { file: origin.file, ...(line !== undefined && { line }) };
    const wantedId = `${provider}:env`;
    return [{ source: "environment", label: "environment", place, called: origin.variable, provider, providerName: provider, wantedId, credential }];
  });
  return found;
}

const LARGEST_BYTES = 1024 * 1024;

/** What the chosen agent has of earlier versions and nobody reads, for there is a newer store beside it. */
function fromUnreadFiles({ host, names, config, agents, registry }: ImportInput): ImportCandidate[] {
  const { dir } = agents.chosen;
  if (host.inspect(host.paths.join(dir, "auth-profiles.json")) === undefined) return [];
  const oauthDir = dir === agents.mainDir ? oauthDirOf({ host, config, names }) : undefined;
  const { profiles } = readLegacyStores(host, dir, oauthDir, (text) => registry.idOf(text));
  return [...profiles.values()].map((profile) => fromStore(profile, "older-files", "an older file"));
}

interface OlderFolder {
  readonly name: string;
  readonly path: string;
}

/** State folders of earlier versions and of other `--profile`s of the same brand, and the one without a profile; but for the one in use. */
function olderFolders({ host, names, config }: ImportInput): OlderFolder[] {
  const { homeDir, stateDir } = config;
  const own = `.${names.bin}`;
  const isOfThisBrand = (name: string): boolean => name === own || name.startsWith(`${own}-`) || names.legacyStateDirs.includes(name);
  const folders = host.listFolder(homeDir).filter(({ name, kind }) => kind === "folder" && isOfThisBrand(name));
  return folders.map(({ name }) => ({ name: name.slice(1), path: host.paths.join(homeDir, name) })).filter(({ path }) => path !== stateDir);
}

function fromFolder({ name, path }: OlderFolder, { host, names, config, registry }: ImportInput): FoundCandidates {
  const idOf = (text: string): ProviderId => registry.idOf(text);
  const agentsDir = host.paths.join(path, "agents");
  const openFiles = openFilesOf(host, names);
  const label = path.startsWith(`${config.homeDir}/`) ? `~/${path.slice(config.homeDir.length + 1)}` : path;
  const stores = host.listFolder(agentsDir).map((agent) => {
    const dir = host.paths.join(agentsDir, agent.name, "agent");
    const file = host.paths.join(dir, "auth-profiles.json");
    const oauthDir = agent.name === "main" ? host.paths.join(path, "credentials") : undefined;
    return readAuthStore({ host, file, called: "an older auth store", openFiles }, idOf) ?? readLegacyStores(host, dir, oauthDir, idOf, openFiles);
  });
  return {
    candidates: stores.flatMap(({ profiles }) => [...profiles.values()].map((profile) => fromStore(profile, name, label))),
    problems: stores.flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error")),
  };
}

function fromStore({ id, provider, credential, reference, origin, email }: AuthProfile, source: string, label: string): ImportCandidate {
  return {
    source,
    label,
    place: origin.file === undefined ? undefined : { file: origin.file },
    called: id,
    provider,
    providerName: provider,
    wantedId: id,
    credential,
    ...(reference !== undefined && { reference }),
    ...(email !== undefined && { email }),
    ...(credential.kind === "oauth" && { notOurs: RENEWS_ITSELF }),
  };
}

function fromTools({ host, config, registry }: ImportInput): ImportCandidate[] {
  return toolSecrets({ host, homeDir: config.homeDir, registry }).map(({ tool, place, called, provider, providerName, credential, notOurs }) => ({
    source: tool.id,
    label: tool.label,
    place,
    called,
    provider,
    providerName,
    wantedId: `${provider ?? providerName}:${tool.id}`,
    credential,
    ...(notOurs !== undefined && { notOurs }),
  }));
}
