import { chmodSync, fsyncSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, unlinkSync } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import { type BesideFolder, besideName, type PackageFile, type PackageFiles, type PackageLimits, readBesideName } from "../kernel/plugin-machine.ts";
import { createWhole, flushFolderAt } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { makeFolders } from "./private-folder.ts";
import { randomToken } from "./random-token.ts";
import { readBytes } from "./read-bytes.ts";
import { writeFailure } from "./write-failure.ts";

/** What no package brings along: `npm pack` leaves it out too. */
const PASSED_OVER = new Set([".git", "node_modules"]);
const ANY_MAY_RUN = 0o111;

/** Links are refused, not followed: they could lead to any file of this user. */
export function readFolder(folder: string, limits: PackageLimits): PackageFiles {
  const files = new Map<string, PackageFile>();
  const left = { files: limits.files, bytes: limits.totalBytes };
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const name of namesIn(path.join(folder, below))) {
      if (PASSED_OVER.has(name)) continue;
      const inside = below === "" ? name : `${below}/${name}`;
      const stats = lstatSync(path.join(folder, inside));
      if (stats.isDirectory()) pending.push(inside);
      else if (!stats.isFile()) throw refused(`${inside} is a link or no regular file`);
      else files.set(inside, { bytes: readOne(folder, inside, left), isProgram: (stats.mode & ANY_MAY_RUN) !== 0 });
      if (pending.length > limits.files) throw refused("it has too many folders");
    }
  }
  return files;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    throw new AppError("FILE_UNREADABLE", `${folder} cannot be read (${reason})`, { hint: "Look at its permissions.", place: { file: folder }, cause: thrown });
  }
}

function readOne(folder: string, inside: string, left: { files: number; bytes: number }): Uint8Array {
  if (left.files === 0) throw refused("it has too many files");
  const read = readBytes(path.join(folder, inside), left.bytes);
  if (read.kind === "too_large") throw refused("its files are too large together");
  if (read.kind !== "bytes") throw refused(`${inside} cannot be read`);
  left.files -= 1;
  left.bytes -= read.bytes.length;
  return read.bytes;
}

function refused(why: string): AppError {
  return new AppError("PLUGIN_REFUSED", `the folder is not taken in: ${why}`, { hint: "Nothing was installed. Only plain files of a moderate size can be." });
}

export function placeFolder(folder: string, files: PackageFiles): void {
  const parent = path.dirname(folder);
  const staged = besidePath(folder, "new");
  try {
    makeFolders(parent);
    bringBackOne(parent, path.basename(folder));
    sweep(parent, path.basename(folder));
    fill(staged, files);
    const old = setAside(folder, "old");
    try {
      renameSync(staged, folder);
    } catch (thrown) {
      if (old !== undefined) renameSync(old, folder);
      throw thrown;
    }
    flushFolderAt(parent);
    if (old !== undefined) discard(old);
  } catch (thrown) {
    discard(staged);
    throw writeFailure(folder, thrown);
  }
}

function besidePath(folder: string, kind: BesideFolder["kind"]): string {
  return path.join(path.dirname(folder), besideName({ name: path.basename(folder), kind }, randomToken()));
}

const STALE_MS = 3_600_000;

/** What a writer that was killed left of its attempts at this folder. A fresh one may be somebody's who is at it now. */
function sweep(parent: string, name: string): void {
  for (const entry of readdirSync(parent)) {
    if (readBesideName(entry)?.name !== name) continue;
    const left = path.join(parent, entry);
    const stats = lstatSync(left, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.ctimeMs > STALE_MS) discard(left);
  }
}

/**
 * A writer that was killed after it set a folder aside, and before the new one took its place, left nothing there: the old one goes back. One who is
 * at that very moment fails instead, and nothing is lost. Gives the names of those that are there again.
 */
export function bringBack(parent: string): readonly string[] {
  try {
    if (lstatSync(parent, { throwIfNoEntry: false }) === undefined) return [];
    const names = new Set(readdirSync(parent).flatMap((entry) => readBesideName(entry)?.name ?? []));
    return [...names].filter((name) => bringBackOne(parent, name) === "brought back");
  } catch (thrown) {
    throw writeFailure(parent, thrown);
  }
}

/** The newest, where there are several. */
function bringBackOne(parent: string, name: string): "brought back" | "nothing to do" {
  const folder = path.join(parent, name);
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return "nothing to do";
  const [newest] = oldOnes(parent, name)
    .map((at) => ({ at, sinceMs: lstatSync(at).ctimeMs }))
    .toSorted((a, b) => b.sinceMs - a.sinceMs);
  if (newest === undefined) return "nothing to do";
  renameSync(newest.at, folder);
  flushFolderAt(parent);
  return "brought back";
}

function oldOnes(parent: string, name: string): string[] {
  return readdirSync(parent).flatMap((entry) => {
    const { name: of, kind } = readBesideName(entry) ?? {};
    return of === name && kind === "old" ? [path.join(parent, entry)] : [];
  });
}

/** What is left of it does no harm: no search for plugins looks at a name that begins with a dot. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}

function fill(folder: string, files: PackageFiles): void {
  makeFolder(folder);
  const made = new Set([folder]);
  for (const [inside, { bytes, isProgram }] of files) {
    const file = path.join(folder, ...inside.split("/"));
    const missing: string[] = [];
    for (let above = path.dirname(file); !made.has(above); above = path.dirname(above)) missing.push(above);
    for (const above of missing.toReversed()) {
      makeFolder(above);
      made.add(above);
    }
    createWhole(file, bytes, fsyncSync);
    if (isProgram) chmodSync(file, 0o700);
  }
  for (const each of made) flushFolderAt(each);
}

function makeFolder(folder: string): void {
  mkdirSync(folder, 0o700);
  chmodSync(folder, 0o700);
}

/** Where it lies now; undefined when there was none. `gone`: nobody brings it back, for some of it may be removed already. */
function setAside(folder: string, as: "old" | "gone"): string | undefined {
  const aside = besidePath(folder, as);
  try {
    renameSync(folder, aside);
    return aside;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

export function removeFolder(folder: string): void {
  try {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) return unlinkSync(folder);
    // Otherwise the next update of any plugin would bring back what was removed.
    if (stats !== undefined) for (const old of oldOnes(path.dirname(folder), path.basename(folder))) discard(old);
    const aside = setAside(folder, "gone");
    if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
  } catch (thrown) {
    throw writeFailure(folder, thrown);
  }
}
