import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { toProviderId } from "../kernel/ids.ts";
import { type Place, placeText } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { PluginManifest } from "../provider/plugin.ts";
import type { PluginProvider } from "../provider/plugin-provider.ts";
import type { PluginCandidate } from "./candidates.ts";
import type { Plugin } from "./plugin.ts";
import { enablement, type Footing } from "./enablement.ts";
import { readRecord } from "./install-record.ts";
import { type AnyManifest, type OwnManifest, readAnyManifest } from "./own-manifest.ts";
import { providerOf } from "./provider-data.ts";

const LARGEST_MANIFEST_BYTES = 1_000_000;

export interface PluginReading {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly names: InstallationNames;
}

/** A candidate as its manifest describes it; one that cannot be used comes with the row that says why. */
export function readPlugin(candidate: PluginCandidate, reading: PluginReading): { readonly plugin: Plugin; readonly problem?: Problem } {
  const { manifest, text } = readManifest(candidate.manifest, reading.host);
  switch (manifest.kind) {
    case "broken":
      return brokenPlugin(candidate, manifest);
    case "agent":
      return { plugin: agentPlugin(candidate, manifest.manifest, reading) };
    case "own":
      return ownPlugin(candidate, manifest.manifest, text, reading);
    default:
      return assertNever(manifest);
  }
}

function readManifest(file: string, host: Host): { readonly manifest: AnyManifest; readonly text: string } {
  const read = host.readText(file, LARGEST_MANIFEST_BYTES);
  const broken = (message: string) => ({ manifest: { kind: "broken", message, place: { file } } as const, text: "" });
  switch (read.kind) {
    case "text":
      return { manifest: readAnyManifest(read.text, file), text: read.text };
    case "absent":
      return broken("it has no manifest");
    case "too_large":
      return broken(`its manifest is larger than 1 MB (${read.sizeBytes} bytes) and is not read`);
    case "not_text":
      return broken("its manifest is not UTF-8 text");
    case "unreadable":
      return broken(`its manifest cannot be read (${read.reason})`);
    default:
      return assertNever(read);
  }
}

/** It is never run, so all that is known of its providers is what they are called. */
function agentPlugin({ origin, source, folder, manifest: file }: PluginCandidate, manifest: PluginManifest, { config }: PluginReading): Plugin {
  const { id, name = id, providers, channels } = manifest;
  const { isOn, reason } = enablement(id, origin, config.value.plugins);
  return {
    ...stated(manifest),
    id,
    name,
    form: "agent",
    origin,
    footing: origin,
    folder,
    source,
    status: isOn ? "enabled" : "disabled",
    reason,
    providerIds: providers,
    channelIds: channels,
    hasConfigSchema: true,
    providers: isOn ? providers.map((provider): PluginProvider => ({ id: toProviderId(provider), origin: { kind: "plugin", pluginId: id }, models: [] })) : [],
    describes: [],
    place: { file },
  };
}

function ownPlugin(
  candidate: PluginCandidate,
  manifest: OwnManifest,
  text: string,
  { host, config }: PluginReading,
): { readonly plugin: Plugin; readonly problem?: Problem } {
  const { origin, source, folder, manifest: file } = candidate;
  const { id, name = id, program } = manifest;
  const record = origin === "global" ? readRecord(host, folder) : undefined;
  const footing: Footing = origin === "workspace" || (origin === "global" && record === undefined) ? "unasked" : origin;
  const { isOn, reason } = enablement(id, footing, config.value.plugins);
  const describes = manifest.providers.map((provider) => providerOf(provider, manifest));
  const plugin: Plugin = {
    ...stated(manifest),
    id,
    name,
    form: program === undefined ? "data" : "program",
    origin,
    footing,
    folder,
    source,
    status: isOn ? "enabled" : "disabled",
    reason,
    providerIds: describes.map((provider) => provider.id),
    channelIds: [],
    hasConfigSchema: true,
    providers: isOn ? describes : [],
    describes,
    ...(program !== undefined && { program }),
    ...(record !== undefined && { record }),
    place: { file },
  };
  if (record === undefined || record.manifest === host.sha256(text)) return { plugin };
  const why = `its manifest is not the one that was agreed to on ${record.installedAt.slice(0, 10)}`;
  return { plugin: { ...plugin, status: "error", reason: why, providers: [] }, problem: changed(plugin, why) };
}

function stated({ version, description, kind }: { readonly version?: string; readonly description?: string; readonly kind?: string }) {
  return { ...(version !== undefined && { version }), ...(description !== undefined && { description }), ...(kind !== undefined && { kind }) };
}

function brokenPlugin({ idHint: id, origin, folder, source }: PluginCandidate, { message, place }: Extract<AnyManifest, { kind: "broken" }>) {
  const nothing = { providerIds: [], channelIds: [], hasConfigSchema: false, providers: [], describes: [] };
  const plugin: Plugin = { id, name: id, form: "agent", origin, footing: origin, folder, source, status: "error", reason: message, ...nothing, place };
  return { plugin, problem: broken(plugin, message, place) };
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

function changed(plugin: Plugin, why: string): Problem {
  return {
    code: "PLUGIN_CHANGED",
    severity: "error",
    subject: `plugin ${plugin.id}`,
    message: `the plugin ${plugin.id} is left out: ${why}`,
    hint: `Look at what changed. To use it: \`{cli} plugins update ${plugin.id}\`, or uninstall it and install it again.`,
    ...(plugin.place !== undefined && { place: plugin.place }),
  };
}
