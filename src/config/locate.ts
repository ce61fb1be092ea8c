import type { Host } from "../kernel/host.ts";
import type { InstallationNames } from "./installation.ts";

/** Where one installation keeps its files on this machine. */
export interface Locations {
  readonly homeDir: string;
  readonly stateDir: string;
  /** The state folder is one of an earlier version of the same brand. */
  readonly legacyStateDir: boolean;
  /** The file need not exist. */
  readonly configPath: string;
}

/** Variables that say where files are count only from the process environment: a .env file found by them must not move them. */
export function locationVariables(names: InstallationNames): string[] {
  const prefixes = [names.envPrefix, ...names.legacyEnvPrefixes];
  return [...prefixes.flatMap((prefix) => [`${prefix}_STATE_DIR`, `${prefix}_CONFIG_PATH`]), `${names.envPrefix}_HOME`, ...agentDirVariables(names)];
}

/** Variables that name the chosen agent's folder, strongest first. */
export function agentDirVariables(names: InstallationNames): string[] {
  return [`${names.envPrefix}_AGENT_DIR`, "PI_CODING_AGENT_DIR"];
}

/** Finds the files; reads none of them. A profile has a state folder of its own, and no legacy one. */
export function locate(host: Host, names: InstallationNames): Locations {
  const homeDir = findHome(host, names);
  const { profile } = names;
  const given = brandVariable(host, names, "STATE_DIR");
  const own = host.paths.join(homeDir, `.${names.bin}${profile === undefined ? "" : `-${profile}`}`);
  const legacy = profile === undefined ? names.legacyStateDirs.map((name) => host.paths.join(homeDir, name)) : [];
  const stateDir = given === undefined ? (firstExisting(host, [own, ...legacy]) ?? own) : absolutePath(host, homeDir, given);
  const configPath = findConfig(host, names, { homeDir, folders: [stateDir, ...(profile === undefined ? [own, ...legacy] : [])] });
  return { homeDir, stateDir, legacyStateDir: legacy.includes(stateDir), configPath };
}

/** `~` at the front is the home folder; a relative path counts from the current folder. */
export function absolutePath(host: Host, homeDir: string, path: string): string {
  const written = path.trim();
  if (written === "~") return homeDir;
  if (written.startsWith("~/") || written.startsWith("~\\")) return host.paths.join(homeDir, written.slice(2));
  return host.paths.resolve(written);
}

/** Trimmed; undefined when unset or blank. */
export function processVariable(host: Host, name: string): string | undefined {
  const value = Object.hasOwn(host.env, name) ? host.env[name]?.trim() : undefined;
  return value === "" ? undefined : value;
}

function brandVariable(host: Host, names: InstallationNames, what: "STATE_DIR" | "CONFIG_PATH"): string | undefined {
  for (const prefix of [names.envPrefix, ...names.legacyEnvPrefixes]) {
    const value = processVariable(host, `${prefix}_${what}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

function findHome(host: Host, names: InstallationNames): string {
  if (!names.hasHomeVariable) return host.osHome;
  const accountHome = processVariable(host, "HOME") ?? processVariable(host, "USERPROFILE") ?? host.osHome;
  const given = processVariable(host, `${names.envPrefix}_HOME`);
  return given === undefined ? accountHome : absolutePath(host, accountHome, given);
}

/** The file that a variable names, else the first that exists, folder by folder; else the one that would be made. */
function findConfig(host: Host, names: InstallationNames, { homeDir, folders }: { homeDir: string; folders: readonly string[] }): string {
  const given = brandVariable(host, names, "CONFIG_PATH");
  if (given !== undefined) return absolutePath(host, homeDir, given);
  const fileNames = [`${names.bin}.json`, ...names.legacyConfigNames];
  const candidates = [...new Set(folders)].flatMap((folder) => fileNames.map((name) => host.paths.join(folder, name)));
  return firstExisting(host, candidates) ?? host.paths.join(folders[0] ?? homeDir, `${names.bin}.json`);
}

function firstExisting(host: Host, paths: readonly string[]): string | undefined {
  return paths.find((path) => host.inspect(path) !== undefined);
}
