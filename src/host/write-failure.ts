import { readFileSync, type Stats, statSync } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";

/** What to do about a code of the system. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room and try again.",
  EDQUOT: "Your quota on this disk is used up: make room and try again.",
  EIO: "The disk reports errors: look at the system's log before you try again.",
  EMFILE: "Too many files are open: raise the limit (`ulimit -n`) and try again.",
  ENFILE: "Too many files are open on this machine: try again later.",
  ENAMETOOLONG: "The name of the file is too long for the names that are made beside it.",
  ELOOP: "Links lead in a circle: correct one of them.",
  ENOENT: "The folder it belongs in is not there. Make it, or correct the link that leads to it.",
};

/** Why a file could not be written, with what to do next; what was there is unchanged. What is no failure of the system is passed on. */
export function writeFailure(file: string, thrown: unknown): unknown {
  const reason = errnoOf(thrown);
  if (reason === undefined || thrown instanceof AppError) return thrown;
  if (reason === "EROFS")
    return readOnly(
      file,
      "lies on a disk that is mounted read-only (EROFS)",
      "It is as it was. Change it where it is made, or mount the disk for writing.",
      thrown,
    );
  if (reason === "EACCES" || reason === "EPERM") return forbidden(file, reason, thrown);
  return new AppError("FILE_WRITE_FAILED", `${file} could not be written (${reason})`, {
    hint: `What was there is unchanged. ${HINTS[reason] ?? "Check its disk and its folder."}`,
    place: { file },
    cause: thrown,
  });
}

/** `says` goes on from the file's name. */
export function readOnly(file: string, says: string, hint: string, cause?: unknown): AppError {
  return new AppError("FILE_READ_ONLY", `${file} ${says}`, { hint, place: { file }, ...(cause === undefined ? {} : { cause }) });
}

/** Whose it is, when it is not ours: `root`, or the number where the name is not known. */
export function strangerName(stats: Pick<Stats, "uid">): string | undefined {
  if (process.geteuid === undefined || stats.uid === process.geteuid()) return undefined;
  return accountName(stats.uid);
}

function forbidden(file: string, reason: string, thrown: unknown): AppError {
  const folder = path.dirname(file);
  const [fileOwner, folderOwner] = [ownerOf(file), ownerOf(folder)];
  if (fileOwner !== undefined) return readOnly(file, `belongs to ${fileOwner} (${reason})`, `Run this as ${fileOwner}, or have the file given to you.`, thrown);
  if (folderOwner !== undefined)
    return readOnly(
      file,
      `may not be written: its folder belongs to ${folderOwner} (${reason})`,
      `Run this as ${folderOwner}, or have ${folder} given to you.`,
      thrown,
    );
  return readOnly(file, `may not be written by this user (${reason})`, `Look at the permissions of ${folder}; your own folders want \`chmod u+rwx\`.`, thrown);
}

function ownerOf(place: string): string | undefined {
  try {
    return strangerName(statSync(place));
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function accountName(uid: number): string {
  try {
    const row = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((line) => line.split(":")[2] === String(uid));
    return row?.split(":")[0] || `user ${uid}`;
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return `user ${uid}`;
  }
}
