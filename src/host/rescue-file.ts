import { chmodSync, fsyncSync, lstatSync, mkdirSync, readdirSync, renameSync, type Stats } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import type { RescueCopy } from "../kernel/refresh-machine.ts";
import { createWhole, removeQuietly } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { readBytes } from "./read-bytes.ts";
import { asText } from "./read-text.ts";
import { writeFailure } from "./write-failure.ts";

const LARGEST_BYTES = 256 * 1024;
const OTHERS = 0o077;
const COPY = /^signalbox-[0-9a-f]{32}\.json(?:\.unfinished)?$/;

/** `key`: 32 digits that stand for the login. */
export function rescueNameOf(key: string): string {
  return `signalbox-${key}.json`;
}

/**
 * Where a text is put that its own disk does not take: memory that is this user's alone, or else a private folder for temporary files. One folder after
 * the other is tried, and older copies go only when the new one is whole.
 */
export function rescue(name: string, text: string): string {
  let failed: { readonly file: string; readonly thrown: unknown } | undefined;
  for (const folder of candidates()) {
    if (folder === temporaryFolder()) makeQuietly(folder);
    if (!isOurs(folder, "folder")) continue;
    const file = path.join(folder, name);
    try {
      putInPlace(file, text);
    } catch (thrown) {
      if (errnoOf(thrown) === undefined) throw thrown;
      failed ??= { file, thrown };
      continue;
    }
    for (const each of placesOf(name)) if (each !== file) removeQuietly(each);
    return file;
  }
  if (failed !== undefined) throw writeFailure(failed.file, failed.thrown);
  throw new AppError("FILE_WRITE_FAILED", `${name} could not be written: no folder for such files is this user's alone`, {
    hint: "Set XDG_RUNTIME_DIR to a folder that only you can read.",
  });
}

/**
 * All copies, wherever a process with another environment put them, and those whose writer was killed before they had their name: which of them is whole
 * and still good, their text says.
 */
export function rescued(name: string): RescueCopy[] {
  return placesOf(name).flatMap((file) => {
    const text = isOurs(file, "file") ? quietText(file) : undefined;
    return text === undefined ? [] : [{ file, text }];
  });
}

/** Every copy of this user's, of whatever login: those whose writer was killed too. */
export function allRescued(): string[] {
  return rescueFolders().flatMap((folder) =>
    quietNames(folder)
      .filter((name) => COPY.test(name))
      .map((name) => path.join(folder, name))
      .filter((file) => isOurs(file, "file")),
  );
}

export function forgetRescued(name: string): void {
  for (const file of placesOf(name)) removeQuietly(file);
}

/** A write that fails half-way must not take an older copy with it. */
function putInPlace(file: string, text: string): void {
  const unfinished = unfinishedName(file);
  removeQuietly(unfinished);
  try {
    createWhole(unfinished, Buffer.from(text, "utf8"), fsyncSync);
    renameSync(unfinished, file);
  } catch (thrown) {
    removeQuietly(unfinished);
    throw thrown;
  }
}

function placesOf(name: string): string[] {
  return rescueFolders().flatMap((folder) => [path.join(folder, name), unfinishedName(path.join(folder, name))]);
}

function unfinishedName(file: string): string {
  return `${file}.unfinished`;
}

function rescueFolders(): string[] {
  return candidates().filter((folder) => isOurs(folder, "folder"));
}

/**
 * Best first. Not every process of a user is told of the runtime folder: those of cron and of services are not. Where nobody names it, it comes last: it
 * ends with the user's last session.
 */
function candidates(): string[] {
  const named = process.env["XDG_RUNTIME_DIR"];
  const usual = process.geteuid === undefined ? [] : [`/run/user/${process.geteuid()}`];
  const folders = [...(named !== undefined && path.isAbsolute(named) ? [path.normalize(named)] : []), temporaryFolder(), ...usual];
  return [...new Set(folders)];
}

function temporaryFolder(): string {
  return path.join(process.getBuiltinModule("node:os").tmpdir(), `signalbox-${process.geteuid?.() ?? "rescue"}`);
}

function quietNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return [];
  }
}

function quietText(file: string): string | undefined {
  try {
    const read = asText(readBytes(file, LARGEST_BYTES));
    return read.kind === "text" ? read.text : undefined;
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function makeQuietly(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // A umask takes from what was asked for, and may take our own rights.
    chmodSync(folder, 0o700);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}

/** Not a link, this user's, and for nobody else to look into. Windows keeps folders for temporary files apart itself. */
function isOurs(place: string, kind: "file" | "folder"): boolean {
  const stats = quietStats(place);
  if (stats === undefined || (kind === "file" ? !stats.isFile() : !stats.isDirectory())) return false;
  return process.geteuid === undefined || (stats.uid === process.geteuid() && (stats.mode & OTHERS) === 0);
}

function quietStats(place: string): Stats | undefined {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}
