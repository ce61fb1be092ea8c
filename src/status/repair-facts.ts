import type { InstallationNames } from "../config/installation.ts";
import { loadConfig } from "../config/load.ts";
import { type AuthStore, readAuthStore } from "../credentials/auth-store.ts";
import { type Exposure, exposureOf, folderExposureOf, type OpenFiles, openFilesOf } from "../credentials/file-exposure.ts";
import type { Host } from "../kernel/host.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { Mending } from "../kernel/mending.ts";
import type { Problem } from "../kernel/problem.ts";
import type { BrokenFile, Leftovers, RepairFacts, WidePath } from "./repairs.ts";

export interface RepairInput {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly mending: Pick<Mending, "leftovers">;
  /** Why the config cannot be used; none when it can. */
  readonly configProblems: readonly Problem[];
  /** The config and what it includes, as far as is known. */
  readonly configFiles: readonly string[];
  readonly stateDir: string;
  /** Of every agent that is known, and of every folder where one was. */
  readonly agentDirs: readonly string[];
}

const STORE_NAME = "auth-profiles.json";
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const LARGEST_BACKUP_BYTES = 1024 * 1024;
const MOST_ASIDE = 1000;

/** What there is to mend on this machine. Reads only. */
export function readRepairFacts(input: RepairInput): RepairFacts {
  const { host, configFiles, agentDirs, mending } = input;
  const stores = agentDirs.map((dir) => host.paths.join(dir, STORE_NAME));
  const files = [...configFiles, ...stores].map((file) => realPath(host, file));
  return {
    broken: [...brokenConfig(input), ...stores.flatMap((file) => brokenStore(input, file))],
    wide: [
      ...agentDirs.flatMap((dir) => wideFolder(host, dir)),
      ...[...stores, ...files.flatMap((file) => copiesOf(host, file))].flatMap((file) => wideFile(host, file)),
    ],
    leftovers: [...new Set([...files, ...cachesInTheMaking(host, input.stateDir)])].flatMap((file): Leftovers[] => {
      const paths = mending.leftovers(file);
      return paths.length === 0 ? [] : [{ file, paths }];
    }),
  };
}

/** Caches of ours beside which lies what was to become their content. */
function cachesInTheMaking(host: Host, stateDir: string): string[] {
  const { join } = host.paths;
  const own = join(stateDir, "signalbox");
  const folders = [own, ...host.listFolder(own).flatMap(({ name, kind }) => (kind === "folder" ? [join(own, name)] : []))];
  return folders.flatMap((folder) =>
    host
      .listFolder(folder)
      .flatMap(({ name }) => /^\.(.+)\.\d+\.\d+\.tmp$/.exec(name)?.[1] ?? [])
      .map((name) => join(folder, name)),
  );
}

/** The files with faults, where all of their backups together make a config that can be used. */
function brokenConfig({ host, names, configProblems }: RepairInput): BrokenFile[] {
  const faults = new Map(configProblems.flatMap((problem) => (problem.place === undefined ? [] : [[problem.place.file, problem] as const])).toReversed());
  const backups = new Map([...faults.keys()].flatMap((file) => backupText(host, file)));
  if (backups.size === 0 || !isUsable(host, names, backups)) return [];
  return [...backups].flatMap(([file, text]) => {
    const problem = faults.get(file);
    const lines = text.trimEnd().split("\n").length;
    return problem === undefined ? [] : [brokenFile(host, { file, problem, kept: "config", backupHolds: many(lines, "line") })];
  });
}

function backupText(host: Host, file: string): [string, string][] {
  const read = host.readText(backupOf(host, file), LARGEST_BACKUP_BYTES);
  return read.kind === "text" && canBeKept(host, file) && !mayBeForged(host, backupOf(host, file)) ? [[file, read.text]] : [];
}

function isUsable(host: Host, names: InstallationNames, texts: ReadonlyMap<string, string>): boolean {
  const readText: Host["readText"] = (path, maxBytes) => {
    const text = texts.get(path);
    return text === undefined ? host.readText(path, maxBytes) : { kind: "text", text };
  };
  try {
    return loadConfig({ ...host, readText }, names).exists;
  } catch {
    return false;
  }
}

const UNREAD: ReadonlySet<string> = new Set(["STORE_UNREADABLE", "STORE_SYNTAX", "STORE_SHAPE"]);

function brokenStore(input: RepairInput, file: string): BrokenFile[] {
  const { host } = input;
  const problem = whyUnread(readStore(input, file, openFilesOf(host, input.names)));
  if (problem === undefined || !canBeKept(host, file) || mayBeForged(host, backupOf(host, file))) return [];
  const backup = readStore(input, backupOf(host, file), "allowed");
  if (backup === undefined || backup.problems.some(({ code, severity }) => severity === "error" && code !== "STORE_ENTRY_BROKEN")) return [];
  return [brokenFile(host, { file, problem, kept: "secrets", backupHolds: many(backup.profiles.size, "account") })];
}

function readStore({ host }: RepairInput, file: string, openFiles: OpenFiles): AuthStore | undefined {
  return readAuthStore({ host, file, called: "the auth store", openFiles }, toProviderId);
}

/** Others can write to it. What they could only read is known to them, and no less the user's own. */
function mayBeForged(host: Host, file: string): boolean {
  const facts = host.inspect(file);
  return facts?.isForeign === true || ((facts?.mode ?? 0) & 0o022) !== 0;
}

function whyUnread(store: AuthStore | undefined): Problem | undefined {
  return store?.problems.find(({ code, severity }) => severity === "error" && UNREAD.has(code));
}

/** What cannot be opened cannot be kept either. */
function canBeKept(host: Host, file: string): boolean {
  const { kind } = host.readText(file, 0);
  return kind === "too_large" || kind === "text" || kind === "not_text";
}

function brokenFile(host: Host, what: Pick<BrokenFile, "file" | "problem" | "kept" | "backupHolds">): BrokenFile {
  const file = realPath(host, what.file);
  const backup = backupOf(host, file);
  const backupAgeMs = host.nowMs() - (host.inspect(backup)?.modifiedMs ?? 0);
  return { ...what, file, backup, backupAgeMs, aside: freeName(host, `${file}.corrupt`) };
}

function freeName(host: Host, stem: string): string {
  for (let n = 1; n < MOST_ASIDE; n++) if (host.inspect(`${stem}-${n}`) === undefined) return `${stem}-${n}`;
  return `${stem}-${host.nowMs()}`;
}

function backupOf(host: Host, file: string): string {
  return `${realPath(host, file)}.bak`;
}

/** The backup, and what earlier repairs kept. */
function copiesOf(host: Host, file: string): string[] {
  const { dirname, basename, join } = host.paths;
  const name = basename(file);
  const isCopy = (other: string): boolean => other === `${name}.bak` || (other.startsWith(`${name}.corrupt-`) && /^\d+$/.test(other.slice(name.length + 9)));
  return host
    .listFolder(dirname(file))
    .filter((entry) => entry.kind === "file" && isCopy(entry.name))
    .map((entry) => join(dirname(file), entry.name));
}

function wideFile(host: Host, path: string): WidePath[] {
  return wide(host, path, { exposure: exposureOf(host, path), called: host.paths.basename(path), most: PRIVATE_FILE });
}

/** A folder that was made for an agent; any other is not ours. */
function wideFolder(host: Host, path: string): WidePath[] {
  if (host.inspect(host.paths.join(path, STORE_NAME)) === undefined) return [];
  return wide(host, path, { exposure: folderExposureOf(host, path), called: "the folder of an agent's accounts", most: PRIVATE_FOLDER });
}

interface Looked {
  readonly exposure: Exposure | undefined;
  readonly called: string;
  readonly most: number;
}

/** Of another user's file only that one can change the permissions. */
function wide(host: Host, path: string, { exposure, called, most }: Looked): WidePath[] {
  const facts = host.inspect(path);
  if (exposure === undefined || facts === undefined || facts.isForeign === true) return [];
  const about = { code: "STORE_PERMISSIONS", severity: "warning", subject: path } as const;
  return [{ problem: { ...about, message: `${called} ${exposure.message}`, hint: exposure.hint, place: { file: path } }, path, mode: facts.mode, most }];
}

function realPath(host: Host, path: string): string {
  return host.inspect(path)?.realPath ?? path;
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
