import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";

let made = 0;

/** Writes beside the target, flushes to the disk, then renames over it: old or new content, never a mixture. */
export function replaceFile(file: string, text: string): void {
  const folder = path.dirname(file);
  made += 1;
  const beside = path.join(folder, `.${path.basename(file)}.${process.pid}.${made}.tmp`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeWhole(beside, text);
    renameSync(beside, file);
    flushFolder(folder);
  } catch (thrown) {
    remove(beside);
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    throw new AppError("FILE_WRITE_FAILED", `${file} could not be written (${reason})`, {
      hint: "What was there is unchanged. Check the space and the permissions of its folder.",
      place: { file },
      cause: thrown,
    });
  }
}

function writeWhole(file: string, text: string): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    fchmodSync(descriptor, 0o600);
    const bytes = Buffer.from(text, "utf8");
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** So that the rename itself survives a power cut. Windows has no such call. */
function flushFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}
