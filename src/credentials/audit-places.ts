import type { Agents } from "../config/agents.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Host } from "../kernel/host.ts";
import { exposureOf } from "./file-exposure.ts";

/** A file in which secrets are looked for line by line. */
export interface TextPlace {
  readonly kind: "dotenv" | "shell profile" | "shell history" | "backup" | "stray file" | "cache";
  readonly file: string;
  /** `"apiKey": "…"` counts there too. */
  readonly fields?: "count";
  /** The one backup that we make ourselves: it may hold what the store holds. */
  readonly isStoreBackup?: true;
}

export interface PlacesOfSecrets {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly agents: Agents;
}

/** Start-up files of the shells bash, zsh, fish and PowerShell, below the home folder. */
const SHELL_PROFILES = [
  ...[".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases"],
  ...[".zshenv", ".zprofile", ".zshrc", ".zlogin"],
  ...[".config/fish/config.fish", ".config/powershell/profile.ps1", ".config/powershell/Microsoft.PowerShell_profile.ps1"],
];
const SHELL_HISTORIES = [".bash_history", ".zsh_history", ".local/share/fish/fish_history"];
const ENV_FILES = [".env", ".env.local", ".envrc"];

const STORE = "auth-profiles.json";

/** The folders of all agents, the main agent's first, each once. */
export function agentFolders({ agents }: Pick<PlacesOfSecrets, "agents">): string[] {
  return [...new Set([agents.mainDir, agents.chosen.dir, ...agents.all.map(({ dir }) => dir)])];
}

/** The files that exist, each once. */
export function textPlaces(input: PlacesOfSecrets): TextPlace[] {
  const { host, config } = input;
  const { join } = host.paths;
  const zshFolder = host.env["ZDOTDIR"]?.trim() || config.homeDir;
  const below = (folder: string, names: readonly string[]): string[] => names.map((name) => join(folder, ...name.split("/")));
  const places: TextPlace[] = [
    ...[host.cwd, config.stateDir, config.homeDir].flatMap((folder) => below(folder, ENV_FILES)).map((file) => ({ kind: "dotenv", file }) as const),
    ...below(config.homeDir, SHELL_PROFILES).map((file) => ({ kind: "shell profile", file }) as const),
    ...below(
      zshFolder,
      SHELL_PROFILES.filter((name) => name.startsWith(".z")),
    ).map((file) => ({ kind: "shell profile", file }) as const),
    ...below(config.homeDir, SHELL_HISTORIES).map((file) => ({ kind: "shell history", file }) as const),
    ...besideStores(input),
    ...realFiles(input).flatMap((file) => besides(host, host.paths.dirname(file), [host.paths.basename(file)])),
    { kind: "cache", file: join(config.stateDir, "credentials", "github-copilot.token.json"), fields: "count" },
  ];
  const seen = new Set<string>();
  return places.filter(({ file }) => {
    const facts = seen.has(file) ? undefined : host.inspect(file);
    seen.add(file);
    return facts?.kind === "file";
  });
}

/** What is kept beside a store behind a link lies with what the link leads to. */
function besideStores(input: PlacesOfSecrets): TextPlace[] {
  const { host } = input;
  const { dirname, basename } = host.paths;
  const backups = storeFiles(input).map((file) => `${file}.bak`);
  return [
    ...agentFolders(input).flatMap((folder) => besides(host, folder, [STORE, "auth.json", "models.json"])),
    ...storeFiles(input).flatMap((file) => besides(host, dirname(file), [basename(file)])),
  ].map((place) => (backups.includes(place.file) ? { ...place, isStoreBackup: true } : place));
}

/** The stores of all agents, and what those lead to that are links. */
function storeFiles(input: PlacesOfSecrets): string[] {
  const { host } = input;
  const named = agentFolders(input).map((folder) => host.paths.join(folder, STORE));
  return [...new Set(named.flatMap((file) => [file, host.inspect(file)?.realPath ?? file]))];
}

/** The config and what it includes; behind a link the backups lie with what it leads to. */
function realFiles({ host, config }: PlacesOfSecrets): string[] {
  const files = new Set([config.path, ...config.files]);
  return [...new Set([...files].flatMap((file) => [file, host.inspect(file)?.realPath ?? file]))];
}

/** Backups, temporary files and set-aside copies of a file: what has its name in theirs. Locks hold no secret. */
function besides(host: Host, folder: string, names: readonly string[]): TextPlace[] {
  return host.listFolder(folder).flatMap(({ name, kind }): TextPlace[] => {
    const isBeside = names.some((base) => name !== base && name.includes(base));
    if (kind !== "file" || !isBeside || names.includes(name) || name.includes(".lock")) return [];
    return [{ kind: name.includes(".bak") ? "backup" : "stray file", file: host.paths.join(folder, name), fields: "count" }];
  });
}

export interface OpenStore {
  readonly file: string;
  readonly message: string;
  readonly hint: string;
}

/** The stores of all agents and their backups, as far as other users have a hand on them. */
export function openStores(input: PlacesOfSecrets): OpenStore[] {
  const { host } = input;
  const { join } = host.paths;
  const files = agentFolders(input).flatMap((folder) => {
    const store = join(folder, STORE);
    return [store, `${store}.bak`, `${host.inspect(store)?.realPath ?? store}.bak`, join(folder, "auth.json")];
  });
  return [...new Set(files)].flatMap((file) => {
    const exposure = exposureOf(host, file);
    return exposure === undefined ? [] : [{ file, ...exposure }];
  });
}
