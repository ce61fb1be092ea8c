import type { InstallationNames } from "../config/installation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { PackageFiles, PackageLimits, PluginMachine } from "../kernel/plugin-machine.ts";
import type { InstallRecord } from "./install-record.ts";
import { fetchRelease, findRelease, parseNpmSpec } from "./npm-package.ts";
import { readTar } from "./tar.ts";

const LARGEST_ARCHIVE_BYTES = 16 * 2 ** 20;
/** What a plugin may bring along. */
export const LIMITS: PackageLimits = { files: 2000, totalBytes: 64 * 2 ** 20 };

/** A package in memory: nothing of it was written or run. */
export interface OpenedPackage extends Pick<InstallRecord, "source" | "from" | "integrity"> {
  readonly files: PackageFiles;
}

export interface OpeningFor {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly homeDir: string;
}

/** Opens what a person named: a path that is there or is written as one, else a package of the npm registry. */
export async function openPackage(word: string, opening: OpeningFor): Promise<OpenedPackage> {
  const { host, homeDir } = opening;
  const path = /^~[/\\]/.test(word) ? host.paths.join(homeDir, word.slice(2)) : host.paths.resolve(host.cwd, word);
  const facts = host.inspect(path);
  if (facts?.kind === "folder") return { files: (await host.plugins()).readFolder(facts.realPath, LIMITS), source: "folder", from: path };
  if (facts !== undefined || looksLikePath(word, host)) {
    if (/\.zip$/i.test(path))
      throw new AppError("PLUGIN_REFUSED", "zip archives are not read", { hint: "Unpack it and name the folder, or use a .tgz as `npm pack` makes it." });
    const machine = await host.plugins();
    const bytes = machine.readArchive(path, LARGEST_ARCHIVE_BYTES);
    return { files: unpack(bytes, machine), source: "archive", from: path, integrity: `sha512-${machine.digest("sha512", bytes, "base64")}` };
  }
  const spec = parseNpmSpec(word);
  const machine = await host.plugins();
  const release = await findRelease(spec, host, opening.names);
  const bytes = await fetchRelease(release, host, machine, LARGEST_ARCHIVE_BYTES);
  return { files: unpack(bytes, machine), source: "npm", from: word.replace(/^npm:/, ""), integrity: release.integrity };
}

function looksLikePath(word: string, { paths }: Host): boolean {
  return /^[.~][/\\]|^\.\.?$|^\.\.[/\\]|\.(?:tgz|tar|tar\.gz|zip)$/i.test(word) || paths.isAbsolute(word);
}

/** With gzip around it or without. */
function unpack(bytes: Uint8Array, machine: PluginMachine): PackageFiles {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return readTar(isGzip ? machine.gunzip(bytes, LIMITS.totalBytes + LIMITS.files * 2048) : bytes, LIMITS);
}
