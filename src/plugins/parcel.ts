import type { InstallationNames } from "../config/installation.ts";
import { AppError, assertNever } from "../kernel/errors.ts";
import { placeText } from "../kernel/place.ts";
import type { PackageFile, PackageFiles, PluginMachine } from "../kernel/plugin-machine.ts";
import type { PluginProvider } from "../provider/plugin-provider.ts";
import type { VendorTable } from "../provider/vendor-table.ts";
import { type InstallRecord, RECORD_FILE, recordText } from "./install-record.ts";
import type { OpenedPackage } from "./open-package.ts";
import { NEUTRAL_MANIFEST } from "./candidates.ts";
import { type OwnManifest, readAnyManifest } from "./own-manifest.ts";
import { providerOf } from "./provider-data.ts";
import type { Plugin } from "./plugin.ts";
import { rivalOf, takeoverOf } from "./takeovers.ts";

/** A package that may be installed, when somebody agrees to it. */
export interface Parcel {
  readonly manifest: OwnManifest;
  readonly providers: readonly PluginProvider[];
  readonly files: PackageFiles;
  readonly record: InstallRecord;
}

export interface ParcelCheck {
  readonly machine: PluginMachine;
  readonly names: InstallationNames;
  readonly vendors: VendorTable | undefined;
  /** Those that are there. */
  readonly plugins: readonly Plugin[];
  /** ISO instant. */
  readonly now: string;
}

/** Looks through a package. Throws PLUGIN_REFUSED with what is wrong with it. */
export function toParcel({ files, source, from, integrity }: OpenedPackage, { machine, names, vendors, plugins, now }: ParcelCheck): Parcel {
  const own = new Map([...files].filter(([path]) => path !== RECORD_FILE));
  const { text, manifest } = manifestOf(own, names);
  const providers = manifest.providers.map((provider) => providerOf(provider, manifest));
  const others = plugins.filter(({ id }) => id !== manifest.id);
  for (const provider of providers) {
    const why = takeoverOf(provider, vendors) ?? rivalOf(provider, others);
    if (why !== undefined) throw refused(`the provider "${provider.id}" cannot be taken in: ${why}`, "Whoever wrote the plugin has to name it otherwise.");
  }
  checkProgram(manifest, own);
  const utf8 = new TextEncoder().encode(text);
  const record: InstallRecord = {
    source,
    from,
    ...(manifest.version !== undefined && { version: manifest.version }),
    ...(integrity !== undefined && { integrity }),
    manifest: machine.digest("sha256", utf8, "hex"),
    content: contentHash(own, machine),
    installedAt: now,
  };
  return { manifest, providers, files: own, record };
}

/** With the record, as it is put into the state folder. */
export function filesToPlace({ files, record }: Parcel): PackageFiles {
  return new Map([...files, [RECORD_FILE, { bytes: new TextEncoder().encode(recordText(record)), isProgram: false }]]);
}

/** SHA-256 over all files by path, with whether they are programs. */
export function contentHash(files: PackageFiles, machine: PluginMachine): string {
  const lines = [...files]
    .filter(([path]) => path !== RECORD_FILE)
    .map(([path, { bytes, isProgram }]) => `${path}\0${isProgram ? "x" : "-"}\0${machine.digest("sha256", bytes, "hex")}\n`);
  return machine.digest("sha256", new TextEncoder().encode(lines.sort().join("")), "hex");
}

function manifestOf(files: PackageFiles, { bin }: InstallationNames): { readonly text: string; readonly manifest: OwnManifest } {
  const name = [NEUTRAL_MANIFEST, `${bin}.plugin.json`].find((known) => files.has(known));
  if (name === undefined) throw withoutManifest(files, bin);
  const text = textOf(files.get(name), name);
  const reading = readAnyManifest(text, name);
  switch (reading.kind) {
    case "own":
      return { text, manifest: reading.manifest };
    case "agent":
      throw ofAnAgent(reading.manifest.id, bin);
    case "broken":
      throw refused(`its manifest is broken: ${reading.message} (${placeText(reading.place)})`, "Whoever wrote the plugin has to mend it.");
    default:
      return assertNever(reading);
  }
}

/** What a plugin for the inside of an older agent looks like. */
function withoutManifest(files: PackageFiles, bin: string): AppError {
  const other = [...files.keys()].find((path) => /^[\w-]+\.plugin\.json$/.test(path));
  if (other !== undefined) return ofAnAgent(other.slice(0, -".plugin.json".length), bin);
  return refused(
    `it has no manifest`,
    `A plugin has ${NEUTRAL_MANIFEST} or ${bin}.plugin.json in its topmost folder. \`{cli} plugins create <folder>\` makes one.`,
  );
}

function ofAnAgent(id: string, bin: string): AppError {
  return refused(
    `${id} is code that runs inside an agent, with all of its rights; such code is never run here`,
    `Install it with the agent itself. A plugin for {cli} has ${NEUTRAL_MANIFEST}, or a ${bin}.plugin.json that describes its providers.`,
  );
}

function textOf(file: PackageFile | undefined, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file?.bytes ?? new Uint8Array());
  } catch (cause) {
    throw new AppError("PLUGIN_REFUSED", `its manifest ${name} is not UTF-8 text`, { hint: "Nothing was installed.", cause });
  }
}

function checkProgram({ program }: OwnManifest, files: PackageFiles): void {
  const missing = (program?.command ?? []).find((word) => word.startsWith("./") && !files.has(word.slice(2)));
  if (missing !== undefined) throw refused(`its program names ${missing}, which is not in it`, "Whoever wrote the plugin has to mend it.");
}

function refused(message: string, hint: string): AppError {
  return new AppError("PLUGIN_REFUSED", `the plugin is not taken in: ${message}`, { hint: `Nothing was installed. ${hint}` });
}
