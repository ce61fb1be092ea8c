import { closeSync, constants, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";
import { randomToken } from "./random-token.ts";
import { closeQuietly } from "./read-bytes.ts";

/** Never something that is there already, and never through a link. */
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * A name beside the target that nobody else has: threads share a process's number, and after a while another process has it. By that number
 * `doctor --repair` tells whose it was. No lock is held here, so it is not one of the names of `beside`, which a holder may sweep.
 */
function temporaryFor(file: string): string {
  const chance = Buffer.from(randomToken(), "base64url").readUIntBE(0, 6);
  return path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.${chance}.tmp`);
}

/** Writes beside the target, flushes to the disk unless told otherwise, then renames over it: old or new content, never a mixture. */
export function replaceFile(file: string, text: string, after: "flushed" | "unflushed" = "flushed"): void {
  const folder = path.dirname(file);
  const beside = temporaryFor(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    createWhole(beside, Buffer.from(text, "utf8"), after === "flushed" ? fsyncSync : () => undefined);
    renameSync(beside, file);
    if (after === "flushed") flushFolderAt(folder);
  } catch (thrown) {
    removeQuietly(beside);
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    throw new AppError("FILE_WRITE_FAILED", `${file} could not be written (${reason})`, {
      hint: "What was there is unchanged. Check the space and the permissions of its folder.",
      place: { file },
      cause: thrown,
    });
  }
}

/** Makes a file, 0600 whatever the umask, with all of `bytes`. `finish` gets it before it is closed. Nothing is left of one that failed. */
export function createWhole(file: string, bytes: Uint8Array, finish: (descriptor: number) => void): void {
  const descriptor = openSync(file, CREATE, 0o600);
  try {
    try {
      fchmodSync(descriptor, 0o600);
      for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
      finish(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    removeQuietly(file);
    throw thrown;
  }
}

/** A folder, to be flushed later. undefined on Windows, which has no such call. */
export function openFolder(folder: string): number | undefined {
  return process.platform === "win32" ? undefined : openSync(folder, "r");
}

/** So that a rename in it survives a power cut; some file systems know no such thing. */
export function flushFolder(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (thrown) {
    if (!["EINVAL", "ENOTSUP", "ENOSYS"].includes(errnoOf(thrown) ?? "")) throw thrown;
  }
}

export function flushFolderAt(folder: string): void {
  const descriptor = openFolder(folder);
  if (descriptor === undefined) return;
  try {
    flushFolder(descriptor);
  } finally {
    closeQuietly(descriptor);
  }
}

export function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}
