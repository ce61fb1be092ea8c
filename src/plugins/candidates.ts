import type { Host } from "../kernel/host.ts";
import { readJson } from "../kernel/json-text.ts";
import type { Problem } from "../kernel/problem.ts";

/** The name of a manifest that every brand knows. */
export const NEUTRAL_MANIFEST = "signalbox.plugin.json";

export type PluginOrigin = "config" | "workspace" | "global" | "bundled";

/** Something that may be a plugin: a folder with a manifest, or a file of code that an agent would load, with the folder where its manifest must be. */
export interface PluginCandidate {
  readonly idHint: string;
  /** The file that an agent would run, which is not even opened here; the manifest of a plugin of ours. */
  readonly source: string;
  readonly folder: string;
  /** `<bin>.plugin.json`, or the neutral one. */
  readonly manifest: string;
  readonly origin: PluginOrigin;
}

export interface Search {
  readonly host: Host;
  /** The key of package.json that lists the entry files. */
  readonly bin: string;
}

const LARGEST_PACKAGE_BYTES = 1_000_000;
const CODE = /\.[cm]?[tj]s$/;
const INDEX_FILES = ["index.ts", "index.js", "index.mjs", "index.cjs"];

/** One entry of `plugins.load.paths`: a file, a plugin's folder, or a folder of plugins. */
export function candidatesAt(path: string, search: Search): { readonly candidates: readonly PluginCandidate[]; readonly problem?: Problem } {
  const { host } = search;
  const facts = host.inspect(path);
  if (facts?.kind === "file" && isCode(path)) return { candidates: [looseFile(path, host.paths.dirname(path), "config", search)] };
  if (facts?.kind === "folder") {
    const own = candidatesOfFolder(path, "config", search);
    return { candidates: own.length > 0 ? own : candidatesIn(path, "config", search) };
  }
  const what = facts === undefined ? "there is nothing at this path" : "this is no file of code and no folder";
  return { candidates: [], problem: badPath(path, what) };
}

/** Loose files and plugins' folders, by name. None when the folder is not there. */
export function candidatesIn(folder: string, origin: PluginOrigin, search: Search): PluginCandidate[] {
  return search.host.listFolder(folder).flatMap(({ name, kind }) => {
    const path = search.host.paths.join(folder, name);
    if (kind === "folder") return candidatesOfFolder(path, origin, search);
    return kind === "file" && isCode(name) ? [looseFile(path, folder, origin, search)] : [];
  });
}

/** By its neutral manifest, else by the entry files of its package.json, its index file, or its manifest alone. What begins with a dot is none. */
function candidatesOfFolder(folder: string, origin: PluginOrigin, search: Search): PluginCandidate[] {
  const { paths, inspect } = search.host;
  const idHint = paths.basename(folder);
  if (idHint.startsWith(".")) return [];
  const [neutral, manifest] = [paths.join(folder, NEUTRAL_MANIFEST), paths.join(folder, `${search.bin}.plugin.json`)];
  if (inspect(neutral) !== undefined) return [{ idHint, source: neutral, folder, origin, manifest: neutral }];
  const entries = packageEntries(folder, search);
  if (entries.length === 0) {
    const source = [...INDEX_FILES.map((name) => paths.join(folder, name)), manifest].find((path) => inspect(path) !== undefined);
    return source === undefined ? [] : [{ idHint, source, folder, origin, manifest }];
  }
  return entries.map(({ file, packageName }) => {
    const stem = withoutExtension(paths.basename(file));
    const name = packageName?.split("/").pop() ?? stem;
    return { idHint: entries.length > 1 ? `${name}/${stem}` : name, source: paths.resolve(folder, file), folder, origin, manifest };
  });
}

interface PackageEntry {
  readonly file: string;
  readonly packageName: string | undefined;
}

/** A package.json that cannot be read lists nothing: the manifest is what counts. */
function packageEntries(folder: string, { host, bin }: Search): PackageEntry[] {
  const path = host.paths.join(folder, "package.json");
  const read = host.readText(path, LARGEST_PACKAGE_BYTES);
  const reading = read.kind === "text" ? readJson(read.text, path) : undefined;
  if (reading?.kind !== "value") return [];
  const files = field(field(reading.value, bin), "extensions");
  const name = field(reading.value, "name");
  const packageName = typeof name === "string" && name.trim() !== "" ? name.trim() : undefined;
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown) => (typeof file === "string" && file.trim() !== "" ? [{ file: file.trim(), packageName }] : []));
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function looseFile(path: string, folder: string, origin: PluginOrigin, { host, bin }: Search): PluginCandidate {
  return { idHint: withoutExtension(host.paths.basename(path)), source: path, folder, origin, manifest: host.paths.join(folder, `${bin}.plugin.json`) };
}

function isCode(name: string): boolean {
  return CODE.test(name) && !name.endsWith(".d.ts");
}

function withoutExtension(name: string): string {
  return name.replace(CODE, "");
}

function badPath(path: string, what: string): Problem {
  return {
    code: "PLUGIN_MANIFEST_BROKEN",
    severity: "error",
    subject: `plugins.load.paths: ${path}`,
    message: `no plugin can be read from ${path}: ${what}`,
    hint: "Mend or remove the entry in plugins.load.paths of the config.",
  };
}
