import { AppError } from "../kernel/errors.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { PluginFacts } from "./search.ts";
import type { Plugin } from "./plugin.ts";
import type { InstallRecord } from "./install-record.ts";
import { readRecord } from "./install-record.ts";
import { findRelease, parseNpmSpec } from "./npm-package.ts";
import type { OpeningFor } from "./open-package.ts";
import type { Parcel } from "./parcel.ts";

/** A plugin that we installed, and from where. */
export interface Updatable {
  readonly plugin: Plugin;
  readonly record: InstallRecord;
}

/** The one that is named, or all that we installed. Throws PLUGIN_UNKNOWN and PLUGIN_REFUSED. */
export function updatable(word: string | undefined, { plugins }: PluginFacts, opening: Pick<OpeningFor, "host">): Updatable[] {
  const installed = plugins.flatMap((plugin): Updatable[] => {
    const record = plugin.record ?? (plugin.origin === "global" ? readRecord(opening.host, plugin.folder) : undefined);
    return record === undefined ? [] : [{ plugin, record }];
  });
  if (word === undefined) return installed;
  const wanted = word.trim().toLowerCase();
  const one = installed.find(({ plugin }) => plugin.id.toLowerCase() === wanted);
  if (one !== undefined) return [one];
  const known = plugins.map(({ id }) => id);
  if (plugins.some(({ id }) => id.toLowerCase() === wanted))
    throw new AppError("PLUGIN_REFUSED", `${word} was not installed by {cli}, so it is not known where it came from`, {
      hint: "Update it where it was installed.",
    });
  throw new AppError("PLUGIN_UNKNOWN", `no plugin "${word.slice(0, 100)}" is installed`, {
    hint: didYouMean(word, known).trim() || "`{cli} plugins list` shows those that are installed.",
    suggestions: nearest(word, known),
  });
}

/** Whether the registry still offers what is installed: then nothing has to be fetched. */
export async function isCurrentRelease({ record }: Updatable, { host, names }: OpeningFor): Promise<boolean> {
  if (record.source !== "npm") return false;
  return (await findRelease(parseNpmSpec(record.from), host, names)).integrity === record.integrity;
}

/** What a person would want to know of the difference, as sentences. */
export function differences({ plugin }: Updatable, { manifest, providers }: Parcel): string[] {
  const [before, after] = [hostsOf(plugin.describes), hostsOf(providers)];
  const added = after.filter((host) => !before.includes(host));
  const [had, has] = [plugin.describes.map(({ id }) => id), providers.map(({ id }) => id)];
  const gone = had.filter((id) => !has.some((other) => other === id));
  const fresh = has.filter((id) => !had.includes(id));
  return [
    ...(added.length === 0 ? [] : [`It would send to ${added.join(", ")} as well.`]),
    ...(fresh.length === 0 ? [] : [`It brings ${fresh.join(", ")} as well.`]),
    ...(gone.length === 0 ? [] : [`It no longer brings ${gone.join(", ")}.`]),
    ...(manifest.program !== undefined && plugin.program === undefined ? ["It brings a program now."] : []),
  ];
}

function hostsOf(providers: readonly { readonly hosts?: readonly string[] }[]): string[] {
  return [...new Set(providers.flatMap(({ hosts = [] }) => hosts))];
}
