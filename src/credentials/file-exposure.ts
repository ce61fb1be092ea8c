import type { InstallationNames } from "../config/installation.ts";
import type { Host } from "../kernel/host.ts";

/** What is done with a file of secrets that others can read: it is not read, or, where disks have no permissions and the user says so, it is. */
export type OpenFiles = "refused" | "allowed";

/** By `<PREFIX>_ALLOW_INSECURE_PERMS=1` in the environment of the process; a .env file cannot say it. */
export function openFilesOf(host: Host, names: Pick<InstallationNames, "envPrefix"> | undefined): OpenFiles {
  return names !== undefined && host.env[`${names.envPrefix}_ALLOW_INSECURE_PERMS`]?.trim() === "1" ? "allowed" : "refused";
}

/** Who else has a hand on a file or folder, as the rest of a sentence, and the command that mends it. */
export interface Exposure {
  readonly message: string;
  readonly hint: string;
}

/** Nothing is said on Windows, which has no such bits, and of what does not exist or is no file: that is not read for another reason. */
export function exposureOf(host: Host, file: string): Exposure | undefined {
  const facts = host.inspect(file);
  if (facts === undefined || facts.kind !== "file") return undefined;
  if (facts.isForeign === true) {
    return { message: "belongs to another user of this machine", hint: `Run: sudo chown "$(id -un)" ${shellWord(file, host.osHome)}` };
  }
  if ((facts.mode & 0o066) === 0) return undefined;
  return {
    message: `can be read or written by other users of this machine (mode ${octal(facts.mode)})`,
    hint: `Run: chmod 600 ${shellWord(file, host.osHome)}`,
  };
}

/** Of a folder: others may see what is in it, or put something there. */
export function folderExposureOf(host: Host, folder: string): Exposure | undefined {
  const facts = host.inspect(folder);
  if (facts === undefined || facts.kind !== "folder" || (facts.mode & 0o077) === 0) return undefined;
  return {
    message: `can be entered by other users of this machine (mode ${octal(facts.mode)})`,
    hint: `Run: chmod 700 ${shellWord(folder, host.osHome)}`,
  };
}

/** Of a file or folder that others may read: they may write to it. With the sticky bit they may not touch what is another's in it. */
export function writableByOthers(host: Host, path: string): Exposure | undefined {
  const facts = host.inspect(path);
  if (facts === undefined || (facts.mode & 0o022) === 0 || (facts.kind === "folder" && (facts.mode & 0o1000) !== 0)) return undefined;
  return {
    message: `can be written to by other users of this machine (mode ${octal(facts.mode)})`,
    hint: `Run: ${facts.isForeign === true ? "sudo " : ""}chmod go-w ${shellWord(path, host.osHome)}`,
  };
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}

/** With the shell's own `~` where nothing has to be quoted. */
function shellWord(path: string, osHome: string): string {
  if (!/^[\w@%+=:,./-]+$/.test(path)) return `'${path.replaceAll("'", "'\\''")}'`;
  return osHome.length > 1 && path.startsWith(`${osHome}/`) ? `~${path.slice(osHome.length)}` : path;
}
