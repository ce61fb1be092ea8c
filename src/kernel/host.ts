import type { HttpDeadlines, HttpRequest, HttpResponse } from "./http.ts";
import type { LoginMachine } from "./login-machine.ts";
import type { Mending } from "./mending.ts";
import type { PluginMachine } from "./plugin-machine.ts";
import type { RefreshMachine } from "./refresh-machine.ts";
import type { ServerMachine } from "./server-machine.ts";
import type { StopSignal } from "./stop-signal.ts";

/** What reading a file gave. A file larger than the limit is not read at all. */
export type FileRead =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "too_large"; readonly sizeBytes: number }
  /** Not UTF-8. `guess` is what it says as UTF-16 where it begins with that mark, else as Latin-1: good enough to search in. */
  | { readonly kind: "not_text"; readonly guess: string }
  /** `reason` is the system's own code, for example `EACCES`, `EISDIR`, `ELOOP`. */
  | { readonly kind: "unreadable"; readonly reason: string };

export interface FileFacts {
  readonly kind: "file" | "folder" | "other";
  /** Permission bits, for example 0o600. Meaningless on Windows, where it is 0. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** The path itself is a symbolic link; the other facts are of its target. */
  readonly isLink: boolean;
  readonly realPath: string;
  /** Belongs to somebody who is neither the one who runs this nor root. Never said to root, nor on Windows. */
  readonly isForeign?: true;
}

export interface FolderEntry {
  readonly name: string;
  /** Links are followed. */
  readonly kind: "file" | "folder" | "other";
}

export interface ProcessResult {
  /** undefined when it could not be started or was stopped at the deadline. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** With `stderr: "capture"`. */
  readonly stderr?: string;
  readonly failure?: string;
}

export interface RunLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** For stdin, which is empty without it. The only way for a secret to get to a program: its arguments are there for all to see. */
  readonly input?: string;
  /** Instead of this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `pass`: to where this process's own goes, for a person to read. `ignore` unless told. */
  readonly stderr?: "ignore" | "capture" | "pass";
}

/** How files are kept when they are changed. */
export interface FileKeeping {
  /** `secrets`: 0600 in a folder made 0700, whatever it was before. `config`: mode, owner and the link that leads to it stay; 0600 when new. */
  readonly kept: "secrets" | "config";
  /**
   * What `<file>.bak` (0600) holds afterwards. `previous`: what was there before. `current`: the new content too, so that what was taken out
   * stays nowhere. `none`: no backup is made.
   */
  readonly backup: "previous" | "current" | "none";
  /** A larger file is not read, and so not changed. */
  readonly maxBytes: number;
  /** Who holds the lock, in words for others that wait: "models set". */
  readonly command: string;
  /** 30 s unless told. */
  readonly lockTimeoutMs?: number;
}

/** Whole texts by path, without a byte order mark. A file that does not exist is absent. */
export type FileTexts = ReadonlyMap<string, string>;

/** Joins and splits paths as this machine writes them. Pure. */
export interface Paths {
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  isAbsolute(path: string): boolean;
  relative(from: string, to: string): string;
}

/** The machine, as an argument: nothing below the program start reaches for disk, clock, environment or network by itself. */
export interface Host {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The home folder: HOME where it is set, else the account's. */
  readonly osHome: string;
  readonly paths: Paths;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds since some moment; never goes back. For measuring. */
  monotonicMs(): number;
  /** Reads UTF-8 text, without a leading byte order mark. Never throws. */
  readText(path: string, maxBytes: number): FileRead;
  /** undefined when there is nothing, or a folder on the way may not be searched. */
  inspect(path: string): FileFacts | undefined;
  /** Sorted by name; empty when the folder is absent or may not be read. */
  listFolder(path: string): readonly FolderEntry[];
  /** Reads a file of our own package, below `dist/`. `path` is relative, with slashes. Throws when the installation is damaged. */
  readPackaged(path: string): string;
  /** Lower-case hexadecimal SHA-256 of the UTF-8 bytes. */
  sha256(text: string): string;
  /** Runs a program without a shell and waits for it. */
  run(command: string, args: readonly string[], limits: RunLimits): ProcessResult;
  /**
   * Puts a whole file in place of another: new or old content, never a mixture. Folders are created 0700, the file 0600.
   * Only for our own caches. `unflushed` costs no wait for the disk: after a power cut the file may be empty. Throws FILE_WRITE_FAILED; the old
   * file is then unchanged.
   */
  replaceFile(path: string, text: string, after?: "flushed" | "unflushed"): void;
  /**
   * Read-modify-write of one file or several, alone among all processes that keep to the protocol. `change` gets the texts under the locks and
   * gives back those that are to be different (a new file is one that was absent); nothing given back, nothing written. It may be called again
   * when somebody without a lock wrote meanwhile. What it throws, passes; then nothing was written. When this resolves, the change survives a
   * power cut. A byte order mark stays. Throws LOCK_HELD, FILE_CHANGED, FILE_UNREADABLE, FILE_READ_ONLY, FILE_WRITE_FAILED.
   * Resolves to the files that were written, as they were named.
   */
  changeFiles(files: readonly string[], keeping: FileKeeping, change: (texts: FileTexts) => FileTexts): Promise<readonly string[]>;
  /** For `doctor --repair`; loaded when asked for. */
  mending(): Promise<Mending>;
  /**
   * Headers are in hand when it resolves. Redirects are not followed. Rejects when the network fails, a deadline passes (the usual ones unless
   * told) or the signal fires.
   */
  http(request: HttpRequest, signal: StopSignal, deadlines?: HttpDeadlines): Promise<HttpResponse>;
  /** Loads what carries requests, so that the first one takes no longer than the others. */
  prepareHttp(): Promise<void>;
  /** Resolves after so many milliseconds of a clock that never goes back; rejects with the signal's reason when that fires. */
  wait(ms: number, signal?: StopSignal): Promise<void>;
  /** From 0 up to 1, to spread waits with. Never for secrets. */
  random(): number;
  /**
   * One line at the end of a file of our own (0600; folders 0700), whole or not at all as far as the disk keeps to it; lines of several
   * processes never mix. Not flushed. Throws FILE_WRITE_FAILED.
   */
  appendLine(path: string, line: string): void;
  /** For logging in; loaded when asked for. */
  login(): Promise<LoginMachine>;
  /** For renewing logins; loaded when asked for. */
  refreshing(): Promise<RefreshMachine>;
  /** For serving; loaded when asked for. */
  server(): Promise<ServerMachine>;
  /** For plugins: installing and asking them; loaded when asked for. */
  plugins(): Promise<PluginMachine>;
}
