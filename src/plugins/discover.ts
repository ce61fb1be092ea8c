import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { toProviderId } from "../kernel/ids.ts";
import { type Place, placeText } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import { type ManifestReading, parseManifest } from "../provider/plugin.ts";
import type { CustomProvider } from "../provider/registry.ts";
import { type Candidate, candidatesAt, candidatesIn, type PluginOrigin, type Search } from "./candidates.ts";
import { enablement } from "./enablement.ts";
import { unknownNames } from "./unknown-names.ts";

/** A plugin that an older agent installed, as its manifest describes it. Its code is never run. */
export interface Plugin {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly kind?: string;
  readonly origin: PluginOrigin;
  /** The file that an agent would run. */
  readonly source: string;
  /** `enabled`: an agent would load it. */
  readonly status: "enabled" | "disabled" | "error";
  /** What decided that it is on or off, or what is broken. */
  readonly reason?: string;
  /** Ids that its manifest says it brings. */
  readonly providerIds: readonly string[];
  readonly channelIds: readonly string[];
  /** Whether its manifest has a schema for its settings: false only for a broken one. */
  readonly hasConfigSchema: boolean;
  readonly providers: readonly CustomProvider[];
  /** Its manifest. */
  readonly place?: Place;
}

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
  /** The workspace of the agent that this is about; the default agent's unless given. */
  readonly agentWorkspace?: string;
}

const LARGEST_MANIFEST_BYTES = 1_000_000;

/** Looks into a few folders and reads the manifests that are there; runs nothing. The first plugin of an id counts. */
export function discoverPlugins(search: PluginSearch): PluginFacts {
  const workspaceDir = workspaceOf(search);
  const { candidates, problems } = findCandidates(search, workspaceDir);
  const plugins: Plugin[] = [];
  const byId = new Map<string, Plugin>();
  for (const candidate of candidates) {
    const { plugin, problem } = readPlugin(candidate, search);
    const rival = plugin.status === "error" ? undefined : byId.get(plugin.id);
    if (problem !== undefined) problems.push(problem);
    if (rival !== undefined) problems.push(overridden(plugin, rival));
    else if (plugin.status !== "error") byId.set(plugin.id, plugin);
    plugins.push(
      rival === undefined ? plugin : { ...plugin, status: "disabled", reason: `overridden by the ${rival.origin} plugin of the same id`, providers: [] },
    );
  }
  const known = new Set(plugins.map(({ id }) => id));
  return { workspaceDir, plugins, problems: [...problems, ...unknownNames(search.config, known)] };
}

function findCandidates({ host, config, names }: PluginSearch, workspaceDir: string): { candidates: Candidate[]; problems: Problem[] } {
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
  const bySource = new Map<string, Candidate>();
  for (const candidate of found) if (!bySource.has(candidate.source)) bySource.set(candidate.source, candidate);
  return { candidates: [...bySource.values()], problems: named.flatMap(({ problem }) => (problem === undefined ? [] : [problem])) };
}

/** The default agent's workspace, else that of all, else `~/.<bin>/workspace`, with the name of a profile behind it. */
function workspaceOf({ host, config, names, agentWorkspace }: PluginSearch): string {
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

function readPlugin(candidate: Candidate, { host, config, names }: PluginSearch): { plugin: Plugin; problem?: Problem } {
  const { origin, source } = candidate;
  const file = host.paths.join(candidate.folder, `${names.bin}.plugin.json`);
  const reading = readManifest(file, host);
  if (reading.kind === "broken") {
    const { message, place } = reading;
    const nothing = { providerIds: [], channelIds: [], hasConfigSchema: false, providers: [] };
    const plugin: Plugin = { id: candidate.idHint, name: candidate.idHint, origin, source, status: "error", reason: message, ...nothing, place };
    return { plugin, problem: broken(plugin, message, place) };
  }
  const { id, name = id, providers, channels, version, description, kind } = reading.manifest;
  const { isOn, reason } = enablement(id, origin, config.value.plugins);
  const known = { ...(version !== undefined && { version }), ...(description !== undefined && { description }), ...(kind !== undefined && { kind }) };
  const status = isOn ? "enabled" : "disabled";
  const brought = isOn
    ? providers.map((provider): CustomProvider => ({ id: toProviderId(provider), origin: { kind: "plugin", pluginId: id }, models: [] }))
    : [];
  return {
    plugin: {
      id,
      name,
      ...known,
      origin,
      source,
      status,
      reason,
      providerIds: providers,
      channelIds: channels,
      hasConfigSchema: true,
      providers: brought,
      place: { file },
    },
  };
}

function readManifest(file: string, host: Host): ManifestReading {
  const read = host.readText(file, LARGEST_MANIFEST_BYTES);
  switch (read.kind) {
    case "text":
      return parseManifest(read.text, file);
    case "absent":
      return { kind: "broken", message: "it has no manifest", place: { file } };
    case "too_large":
      return { kind: "broken", message: `its manifest is larger than 1 MB (${read.sizeBytes} bytes) and is not read`, place: { file } };
    case "not_text":
      return { kind: "broken", message: "its manifest is not UTF-8 text", place: { file } };
    case "unreadable":
      return { kind: "broken", message: `its manifest cannot be read (${read.reason})`, place: { file } };
    default:
      return assertNever(read);
  }
}

function broken(plugin: Plugin, message: string, place: Place): Problem {
  return {
    code: "PLUGIN_MANIFEST_BROKEN",
    severity: "error",
    subject: `plugin ${plugin.id}`,
    message: `the plugin ${plugin.id} is left out: ${message}`,
    hint: `Mend ${placeText(place)}, or remove the plugin's folder. Everything else goes on.`,
    place,
  };
}

function overridden(plugin: Plugin, rival: Plugin): Problem {
  return {
    code: "PLUGIN_DUPLICATE",
    severity: "note",
    subject: `plugin ${plugin.id}`,
    message: `${plugin.id} is installed more than once; ${rival.source} counts, and ${plugin.source} does not`,
    hint: "Remove the one that you do not use.",
    ...(plugin.place !== undefined && { place: plugin.place }),
  };
}
