import { monotonicMs } from "./monotonic.ts";
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";
import * as path from "node:path";
import type { FileFacts, FolderEntry, Host } from "../kernel/host.ts";
import { sha256 } from "../kernel/sha256.ts";
import { appendLine } from "./append-line.ts";
import { replaceFile } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { runProgram } from "./program.ts";
import { readText } from "./read-text.ts";
import type { Sender, SenderOptions } from "./send-request.ts";
import { wait } from "./wait.ts";

/**
 * This machine. `packageDir` holds the files that `readPackaged` reads.
 * Node's own heavier modules are loaded at the first use.
 */
export function nodeHost(packageDir: string, network: SenderOptions = {}): Host {
  let opened: Promise<Sender> | undefined;
  let ready: Sender | undefined;
  const sender = (): Promise<Sender> => {
    opened ??= import("./send-request.ts").then(({ createSender }) => {
      ready = createSender(network);
      return ready;
    });
    return opened;
  };
  return {
    platform: process.platform,
    env: { ...process.env },
    cwd: currentFolder(),
    get osHome() {
      return homeVariable() ?? accountHome();
    },
    paths: path,
    nowMs: Date.now,
    monotonicMs,
    readText,
    inspect,
    listFolder,
    readPackaged: (relative) => readFileSync(`${packageDir}/${relative}`, "utf8"),
    sha256,
    run: runProgram,
    replaceFile,
    changeFiles: async (files, keeping, change) => (await import("./change-files.ts")).changeFiles(files, keeping, change),
    mending: async () => (await import("./mending.ts")).nodeMending,
    http: (request, signal, deadlines) => (ready === undefined ? sender().then((send) => send(request, signal, deadlines)) : ready(request, signal, deadlines)),
    prepareHttp: async () => void (await sender()),
    wait,
    random: Math.random,
    appendLine,
    login: async () => (await import("./login-machine.ts")).nodeLogin,
    refreshing: async () => (await import("./refresh-machine.ts")).nodeRefreshing,
    server: async () => (await import("./server-machine.ts")).nodeServer,
    plugins: async () => (await import("./plugin-machine.ts")).nodePlugins,
  };
}

/** An exception for each file that is not there would cost more than all the rest of looking. */
const QUIET = { throwIfNoEntry: false } as const;

/** What os.homedir() looks at first, without loading that module. */
function homeVariable(): string | undefined {
  const home = process.platform === "win32" ? process.env["USERPROFILE"] : process.env["HOME"];
  return home === "" ? undefined : home;
}

/** The root for a user whom this machine does not know, as in some containers. `os.homedir()` would take an empty variable for an answer. */
function accountHome(): string {
  try {
    return process.getBuiltinModule("node:os").userInfo().homedir;
  } catch {
    return path.parse(process.execPath).root;
  }
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
      ...(isForeign(stats) && { isForeign: true as const }),
    };
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

/** Another user's, who is not root. Root itself may read what is everybody's. */
function isForeign({ uid }: Stats): boolean {
  if (uid === 0) return false;
  const own = process.geteuid?.() ?? 0;
  return own !== 0 && uid !== own;
}

function listFolder(folder: string): FolderEntry[] {
  try {
    // Most folders that are looked for are not there: to be told so is cheaper than to catch it.
    if (statSync(folder, QUIET) === undefined) return [];
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
