import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";
import * as path from "node:path";
import type { FileFacts, FolderEntry, Host } from "../kernel/host.ts";
import { sha256 } from "../kernel/sha256.ts";
import { replaceFile } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { runProgram } from "./program.ts";
import { readText } from "./read-text.ts";

/**
 * This machine. `packageDir` holds the files that `readPackaged` reads.
 * Node's own heavier modules are loaded at the first use.
 */
export function nodeHost(packageDir: string): Host {
  return {
    platform: process.platform,
    env: { ...process.env },
    cwd: currentFolder(),
    get osHome() {
      return homeVariable() ?? process.getBuiltinModule("node:os").homedir();
    },
    paths: path,
    nowMs: Date.now,
    readText,
    inspect,
    listFolder,
    readPackaged: (relative) => readFileSync(`${packageDir}/${relative}`, "utf8"),
    sha256,
    run: runProgram,
    replaceFile,
    changeFiles: async (files, keeping, change) => (await import("./change-files.ts")).changeFiles(files, keeping, change),
    http: async (request, signal) => (await import("./send-request.ts")).sendRequest(request, signal),
  };
}

/** An exception for each file that is not there would cost more than all the rest of looking. */
const QUIET = { throwIfNoEntry: false } as const;

/** What os.homedir() looks at first, without loading that module. */
function homeVariable(): string | undefined {
  const home = process.platform === "win32" ? process.env["USERPROFILE"] : process.env["HOME"];
  return home === "" ? undefined : home;
}

function inspect(file: string): FileFacts | undefined {
  try {
    const own = lstatSync(file, QUIET);
    const isLink = own?.isSymbolicLink() ?? false;
    const stats = isLink ? statSync(file, QUIET) : own;
    if (stats === undefined) return undefined;
    return {
      kind: kindOf(stats),
      mode: process.platform === "win32" ? 0 : stats.mode & 0o7777,
      sizeBytes: stats.size,
      modifiedMs: stats.mtimeMs,
      isLink,
      realPath: isLink ? realpathSync(file) : file,
    };
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function listFolder(folder: string): FolderEntry[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => ({ name, kind: inspect(path.join(folder, name))?.kind ?? "other" }));
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return [];
  }
}

function kindOf(stats: Stats): FileFacts["kind"] {
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "folder" : "other";
}

/** The root when the current folder was removed under us. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return path.parse(process.execPath).root;
  }
}
