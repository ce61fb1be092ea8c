import { createHash } from "node:crypto";
import { posix } from "node:path";
import { AppError } from "../../src/kernel/errors.ts";
import type { FileFacts, FileRead, FolderEntry, Host, ProcessResult, RunLimits } from "../../src/kernel/host.ts";
import type { HttpDeadlines, HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import type { LoginMachine } from "../../src/kernel/login-machine.ts";
import type { ServerMachine } from "../../src/kernel/server-machine.ts";
import type { Mending } from "../../src/kernel/mending.ts";
import type { PluginMachine } from "../../src/kernel/plugin-machine.ts";
import type { RefreshMachine } from "../../src/kernel/refresh-machine.ts";
import type { StopSignal } from "../../src/kernel/stop-signal.ts";

/** A machine in memory. What was asked of it and what was written to it can be looked at afterwards. */
export interface FakeMachine {
  /** Absolute path → text. Folders follow from the paths. A value of `{ unreadable }` answers with that system code. */
  readonly files?: Readonly<Record<string, string | { readonly unreadable: string } | { readonly text: string; readonly mode: number }>>;
  /** Link → target. */
  readonly links?: Readonly<Record<string, string>>;
  /** Files of our own package, by relative path. */
  readonly packaged?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly osHome?: string;
  readonly nowMs?: number;
  readonly platform?: string;
  readonly run?: (command: string, args: readonly string[], limits: RunLimits) => ProcessResult;
  readonly http?: (request: HttpRequest, signal: StopSignal, deadlines: HttpDeadlines | undefined) => HttpResponse | Promise<HttpResponse>;
  readonly login?: LoginMachine;
  readonly plugins?: PluginMachine;
  readonly server?: ServerMachine;
  readonly refreshing?: RefreshMachine;
  /** Stands for a full or read-only disk: thrown by replaceFile. */
  readonly writeFailure?: Error;
}

export interface FakeHost extends Host {
  /** Path → text of everything that was written. */
  readonly written: Map<string, string>;
  /** Requests in the order in which they left. */
  readonly asked: HttpRequest[];
  /** Commands in the order in which they ran, arguments joined with spaces. */
  readonly ran: string[];
}

/** A Host over `machine`. Nothing leaves the process. Time stands still at `nowMs` (2026-11-21T12:00:00Z unless told), except that `wait` moves it. */
export function fakeHost(machine: FakeMachine = {}): FakeHost {
  const written = new Map<string, string>();
  const asked: HttpRequest[] = [];
  const ran: string[] = [];
  let passedMs = 0;
  const real = (path: string): string => followLinks(machine.links ?? {}, path);
  const content = (path: string) => {
    const target = real(path);
    return written.get(target) ?? machine.files?.[target];
  };
  const allPaths = (): string[] => [...Object.keys(machine.files ?? {}), ...Object.keys(machine.links ?? {}), ...written.keys()];
  const isFolder = (path: string): boolean => allPaths().some((file) => file.startsWith(path === "/" ? "/" : `${path}/`));

  const inspect = (path: string): FileFacts | undefined => {
    const found = content(path);
    const isLink = machine.links?.[path] !== undefined;
    const rest = { isLink, realPath: real(path), modifiedMs: 0 };
    if (found === undefined) return isFolder(real(path)) ? { kind: "folder", mode: 0o700, sizeBytes: 0, ...rest } : undefined;
    if (typeof found === "string") return { kind: "file", mode: 0o600, sizeBytes: Buffer.byteLength(found), ...rest };
    if ("text" in found) return { kind: "file", mode: found.mode, sizeBytes: Buffer.byteLength(found.text), ...rest };
    return { kind: "file", mode: 0, sizeBytes: 0, ...rest };
  };

  const readText = (path: string, maxBytes: number): FileRead => {
    const found = content(path);
    if (found === undefined) return isFolder(real(path)) ? { kind: "unreadable", reason: "EISDIR" } : { kind: "absent" };
    if (typeof found === "object" && "unreadable" in found) return { kind: "unreadable", reason: found.unreadable };
    const text = typeof found === "string" ? found : found.text;
    const sizeBytes = Buffer.byteLength(text);
    if (sizeBytes > maxBytes) return { kind: "too_large", sizeBytes };
    if (text.includes("\uFFFD")) return { kind: "not_text", guess: text };
    return { kind: "text", text: text.startsWith("\uFEFF") ? text.slice(1) : text };
  };

  const listFolder = (path: string): FolderEntry[] => {
    const start = real(path) === "/" ? "/" : `${real(path)}/`;
    const names = new Set(
      allPaths()
        .filter((file) => file.startsWith(start))
        .map((file) => file.slice(start.length).split("/")[0] ?? ""),
    );
    return [...names].sort().map((name) => ({ name, kind: inspect(start + name)?.kind ?? "other" }));
  };

  return {
    platform: machine.platform ?? "linux",
    env: machine.env ?? {},
    cwd: machine.cwd ?? "/work",
    osHome: machine.osHome ?? "/home/me",
    paths: { ...posix, resolve: (...parts) => posix.resolve(machine.cwd ?? "/work", ...parts) },
    nowMs: () => (machine.nowMs ?? Date.UTC(2026, 10, 21, 12)) + passedMs,
    monotonicMs: () => passedMs,
    readText,
    inspect,
    listFolder,
    readPackaged: (path) => machine.packaged?.[path] ?? missingPackaged(path),
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    run: (command, args, limits) => {
      ran.push([command, ...args].join(" "));
      return machine.run?.(command, args, limits) ?? { exitCode: undefined, stdout: "", failure: "ENOENT" };
    },
    replaceFile: (path, text) => {
      if (machine.writeFailure !== undefined) throw machine.writeFailure;
      written.set(real(path), text);
    },
    changeFiles: async (files, { maxBytes }, change) => {
      if (machine.writeFailure !== undefined) throw machine.writeFailure;
      const texts = new Map<string, string>();
      for (const file of files) {
        const read = readText(file, maxBytes);
        if (read.kind === "text") texts.set(file, read.text);
        else if (read.kind !== "absent") throw new AppError("FILE_UNREADABLE", `${file} cannot be read`, { hint: "Correct it.", place: { file } });
      }
      const changed = [...change(texts)].filter(([file, text]) => texts.get(file) !== text);
      for (const [file, text] of changed) written.set(real(file), text);
      return changed.map(([file]) => file);
    },
    mending: async () => noMending,
    http: async (request, signal, deadlines) => {
      asked.push(request);
      if (machine.http === undefined) throw Object.assign(new Error("no network in this test"), { code: "ENETUNREACH" });
      return machine.http(request, signal, deadlines);
    },
    prepareHttp: async () => undefined,
    wait: async (ms, signal) => {
      signal?.throwIfAborted();
      if (ms === 0) await new Promise((resolve) => setImmediate(resolve));
      passedMs += ms;
    },
    random: () => 0.5,
    appendLine: (path, line) => {
      if (machine.writeFailure !== undefined) throw machine.writeFailure;
      const before = readText(path, Number.MAX_SAFE_INTEGER);
      written.set(real(path), `${before.kind === "text" ? before.text : ""}${line}\n`);
    },
    login: async () => machine.login ?? noDisk("login"),
    refreshing: async () => machine.refreshing ?? noDisk("refreshing"),
    server: async () => machine.server ?? noDisk("server"),
    plugins: async () => machine.plugins ?? noDisk("plugins"),
    written,
    asked,
    ran,
  };
}

/** No writer was ever interrupted on this machine; mending itself is tested on a real one. */
const noMending: Mending = {
  restrict: () => noDisk("restrict"),
  bringBack: async () => noDisk("bringBack"),
  leftovers: () => [],
  sweep: async () => [],
};

function noDisk(what: string): never {
  throw new Error(`${what} is tested on a real disk`);
}

/** A response with its body in one piece. */
export function response(status: number, body = "", headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers, body: onePiece(body) };
}

async function* onePiece(body: string): AsyncGenerator<Uint8Array> {
  if (body !== "") yield new TextEncoder().encode(body);
}

function followLinks(links: Readonly<Record<string, string>>, path: string): string {
  for (const [link, target] of Object.entries(links)) {
    if (path === link || path.startsWith(`${link}/`)) return followLinks(links, posix.resolve(posix.dirname(link), target) + path.slice(link.length));
  }
  return path;
}

function missingPackaged(path: string): never {
  throw new Error(`the test gave no packaged file ${path}`);
}
