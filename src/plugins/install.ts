import { AppError, expected } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { PluginMachine } from "../kernel/plugin-machine.ts";
import { faultOfProgram } from "./describe.ts";
import type { PluginFacts } from "./search.ts";
import type { Plugin } from "./plugin.ts";
import { contentHash, filesToPlace, type Parcel } from "./parcel.ts";
import { LIMITS } from "./open-package.ts";

export interface InstallPlace {
  readonly host: Host;
  readonly machine: PluginMachine;
  readonly stateDir: string;
}

/** Where plugins of an id are put. */
export function folderOf(id: string, { host, stateDir }: Pick<InstallPlace, "host" | "stateDir">): string {
  return host.paths.join(stateDir, "extensions", id);
}

/** Throws PLUGIN_EXISTS when there is one of that id, or something else where it would be put. */
export function refuseTaken({ manifest: { id } }: Parcel, { plugins }: PluginFacts, place: Pick<InstallPlace, "host" | "stateDir">): void {
  const rival = plugins.find((plugin) => plugin.id === id);
  const folder = folderOf(id, place);
  if (rival === undefined && place.host.inspect(folder) === undefined) return;
  throw new AppError("PLUGIN_EXISTS", `a plugin ${id} is there already: ${rival?.folder ?? folder}`, {
    hint:
      rival?.record === undefined
        ? "Remove it first."
        : `For a new version: \`{cli} plugins update ${id}\`. Otherwise \`{cli} plugins uninstall ${id}\` first.`,
  });
}

/** Puts a parcel that was agreed to in its place, once its program has said who it is. Throws PLUGIN_FAILED; then all is as it was. */
export async function placeParcel(parcel: Parcel, place: InstallPlace): Promise<void> {
  const { id, program } = parcel.manifest;
  const folder = folderOf(id, place);
  if (program?.verbs.includes("describe") === true) await tryOut(parcel, program, place);
  place.machine.placeFolder(folder, filesToPlace(parcel));
}

/** In a folder that no search finds, which is gone afterwards. */
async function tryOut(
  { manifest: { id }, providers, files }: Parcel,
  program: NonNullable<Plugin["program"]>,
  { host, machine, stateDir }: InstallPlace,
): Promise<void> {
  const folder = host.paths.join(stateDir, "extensions", `.${id}.trial`);
  machine.placeFolder(folder, files);
  try {
    const fault = await faultOfProgram(host, { id, folder, program, providerIds: providers.map((provider) => provider.id), describes: providers });
    if (fault === undefined) return;
    throw new AppError("PLUGIN_FAILED", `the program of the plugin ${id} ${fault}`, { hint: "Nothing was installed. Tell whoever wrote it." });
  } finally {
    machine.removeFolder(folder);
  }
}

/** Whether what lies in the folder is what was agreed to: all of it, not the manifest alone. */
export function isAsInstalled({ folder, record }: Plugin, machine: PluginMachine): boolean {
  if (record === undefined) return true;
  try {
    return contentHash(machine.readFolder(folder, LIMITS), machine) === record.content;
  } catch (thrown) {
    expected(thrown);
    return false;
  }
}
