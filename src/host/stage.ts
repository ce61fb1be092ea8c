import { fsyncSync, linkSync, type Stats } from "node:fs";
import * as path from "node:path";
import type { FileKeeping } from "../kernel/host.ts";
import { createWhole, openFolder, removeQuietly } from "./atomic-file.ts";
import { beside } from "./beside.ts";
import { errnoOf } from "./errno.ts";
import { dress } from "./ownership.ts";
import { closeQuietly } from "./read-bytes.ts";
import { readOnly } from "./write-failure.ts";

/** What is to be written into one file. */
export interface Change {
  /** As the caller names it. */
  readonly name: string;
  /** Where it really is. */
  readonly file: string;
  /** undefined: it is new. */
  readonly old: OldFile | undefined;
  readonly bytes: Buffer;
}

export interface OldFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** A change that lies ready beside its file, on the disk to stay: two renames are left to do. */
export interface Staged {
  readonly change: Change;
  readonly temporary: string;
  readonly backup: string | undefined;
  /** Opened early, so that it cannot fail when the rename is done. */
  readonly folder: number | undefined;
}

export type Keeping = Pick<FileKeeping, "kept" | "backup">;

const PRIVATE = 0o600;
const OWNER_MAY_WRITE = 0o200;

/** Throws what the system throws, and FILE_READ_ONLY. Then nothing is left. */
export function stage(change: Change, { kept, backup }: Keeping): Staged {
  const { name, file, old, bytes } = change;
  const mode = kept === "secrets" || old === undefined ? PRIVATE : old.stats.mode & 0o7777;
  if ((mode & OWNER_MAY_WRITE) === 0) throw readOnly(name, "is marked read-only", `If it is to be changed: \`chmod u+w ${name}\`.`);
  const temporary = beside(file).temporary();
  const folder = openFolder(path.dirname(file));
  try {
    createWhole(temporary, bytes, (descriptor) => {
      dress(descriptor, name, old?.stats, mode);
      fsyncSync(descriptor);
    });
    return { change, temporary, folder, backup: stageBackup(change, backup) };
  } catch (thrown) {
    discard({ temporary, folder, backup: undefined });
    throw thrown;
  }
}

/** Removes what lies ready; what was renamed is no longer there. */
export function discard({ temporary, backup, folder }: Omit<Staged, "change">): void {
  removeQuietly(temporary);
  if (backup !== undefined) removeQuietly(backup);
  closeFolder({ folder });
}

export function closeFolder({ folder }: Pick<Staged, "folder">): void {
  if (folder !== undefined) closeQuietly(folder);
}

function stageBackup({ name, file, old, bytes }: Change, backup: Keeping["backup"]): string | undefined {
  if (backup === "none" || (backup === "previous" && old === undefined)) return undefined;
  const temporary = beside(file).temporary();
  if (backup === "previous" && old !== undefined && canBeLinked(old.stats) && linked(file, temporary)) return temporary;
  createWhole(temporary, backup === "previous" && old !== undefined ? old.bytes : bytes, (descriptor) => {
    dress(descriptor, name, old?.stats, PRIVATE);
    fsyncSync(descriptor);
  });
  return temporary;
}

/** The old file itself becomes the backup when nobody else may read it, and no other name leads to it through which it could still be changed. */
function canBeLinked({ mode, nlink }: Stats): boolean {
  return (mode & 0o7777 & ~PRIVATE) === 0 && nlink === 1;
}

function linked(file: string, temporary: string): boolean {
  try {
    linkSync(file, temporary);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return false;
  }
}
