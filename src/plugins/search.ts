import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import type { UnusedPlugin } from "../provider/registry.ts";
import type { VendorTable } from "../provider/vendor-table.ts";
import { type PluginCandidate, candidatesAt, candidatesIn, type Search } from "./candidates.ts";
import type { Plugin } from "./plugin.ts";
import { unknownNames } from "./unknown-names.ts";

export interface PluginFacts {
  readonly workspaceDir: string;
  /** In the order in which an agent looks: paths of the config, workspace, state folder, bundled. */
  readonly plugins: readonly Plugin[];
  readonly problems: readonly Problem[];
}

export interface PluginSearch {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly names: InstallationNames;
  /** No plugin may call itself as one of them; unchecked without. */
  readonly vendors?: VendorTable;
  /** The workspace of the agent that this is about; the default agent's unless given. */
  readonly agentWorkspace?: string;
}

/** What there is to say where nothing is installed; undefined where something is, which `discoverPlugins` reads: most people have none, and need not load its code. */
export function nothingInstalled(search: PluginSearch): PluginFacts | undefined {
  const workspaceDir = workspaceOf(search);
  const { candidates, problems } = findCandidates(search, workspaceDir);
  return candidates.length > 0 ? undefined : { workspaceDir, plugins: [], problems: [...problems, ...unknownNames(search.config, new Set())] };
}

/** How to log in to the providers that plugins bring, by provider. */
export function pluginLogins({ plugins }: PluginFacts): ReadonlyMap<string, readonly LoginMethod[]> {
  return new Map(plugins.flatMap(({ providers }) => providers.flatMap(({ id, logins = [] }) => (logins.length === 0 ? [] : [[id, logins] as const]))));
}

/** What those would bring that are off or broken. */
export function unusedProviders({ plugins }: PluginFacts): ReadonlyMap<string, UnusedPlugin> {
  const entries = plugins.flatMap(({ id: pluginId, status, providerIds }) =>
    status === "enabled" ? [] : providerIds.map((provider) => [provider, { pluginId, state: status === "error" ? "broken" : "off" }] as const),
  );
  return new Map(entries);
}

export function findCandidates({ host, config, names }: PluginSearch, workspaceDir: string): { candidates: PluginCandidate[]; problems: Problem[] } {
  const search: Search = { host, bin: names.bin };
  const named = (config.value.plugins?.load?.paths ?? [])
    .filter((path) => path.trim() !== "")
    .map((path) => candidatesAt(absolute(path, host, config), search));
  const bundledDir = config.environment.get(`${names.envPrefix}_BUNDLED_PLUGINS_DIR`)?.value;
  const found = [
    ...named.flatMap(({ candidates }) => candidates),
    ...candidatesIn(host.paths.join(workspaceDir, `.${names.bin}`, "extensions"), "workspace", search),
    ...candidatesIn(host.paths.join(config.stateDir, "extensions"), "global", search),
    ...(bundledDir === undefined ? [] : candidatesIn(absolute(bundledDir, host, config), "bundled", search)),
  ];
  const bySource = new Map<string, PluginCandidate>();
  for (const candidate of found) if (!bySource.has(candidate.source)) bySource.set(candidate.source, candidate);
  return { candidates: [...bySource.values()], problems: named.flatMap(({ problem }) => (problem === undefined ? [] : [problem])) };
}

/** The default agent's workspace, else that of all, else `~/.<bin>/workspace`, with the name of a profile behind it. */
export function workspaceOf({ host, config, names, agentWorkspace }: PluginSearch): string {
  const { defaults, list = [] } = config.value.agents ?? {};
  const agent = list.find((entry) => entry.default === true) ?? list[0];
  const written = agentWorkspace ?? agent?.workspace ?? defaults?.workspace;
  if (written !== undefined && written.trim() !== "") return absolute(written, host, config);
  const folder = names.profile === undefined || names.profile === "default" ? "workspace" : `workspace-${names.profile}`;
  return host.paths.join(config.homeDir, `.${names.bin}`, folder);
}

function absolute(path: string, host: Host, { homeDir }: LoadedConfig): string {
  const trimmed = path.trim();
  if (trimmed === "~") return homeDir;
  return trimmed.startsWith("~/") || trimmed.startsWith("~\\") ? host.paths.join(homeDir, trimmed.slice(2)) : host.paths.resolve(trimmed);
}
