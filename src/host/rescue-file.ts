import { fsyncSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import { createWhole, removeQuietly } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { readBytes } from "./read-bytes.ts";
import { asText } from "./read-text.ts";
import { writeFailure } from "./write-failure.ts";

const LARGEST_BYTES = 256 * 1024;
const OTHERS = 0o077;

/** Where a text is put that its own disk does not take: memory that is this user's alone, or else a private folder for temporary files. */
export function rescue(name: string, text: string): string {
  const folder = rescueFolder("make");
  if (folder === undefined)
    throw new AppError("FILE_WRITE_FAILED", `${name} could not be written: no folder for such files is this user's alone`, {
      hint: "Set XDG_RUNTIME_DIR to a folder that only you can read.",
    });
  const file = path.join(folder, name);
  try {
    removeQuietly(file);
    createWhole(file, Buffer.from(text, "utf8"), fsyncSync);
    return file;
  } catch (thrown) {
    throw writeFailure(file, thrown);
  }
}

export function rescued(name: string): { readonly file: string; readonly text: string } | undefined {
  const folder = rescueFolder("look");
  if (folder === undefined) return undefined;
  const file = path.join(folder, name);
  if (!isOurs(file, "file")) return undefined;
  try {
    const read = asText(readBytes(file, LARGEST_BYTES));
    return read.kind === "text" ? { file, text: read.text } : undefined;
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

export function forgetRescued(name: string): void {
  const folder = rescueFolder("look");
  if (folder !== undefined) removeQuietly(path.join(folder, name));
}

function rescueFolder(how: "make" | "look"): string | undefined {
  const runtime = process.env["XDG_RUNTIME_DIR"];
  if (runtime !== undefined && path.isAbsolute(runtime) && isOurs(runtime, "folder")) return runtime;
  const own = path.join(process.getBuiltinModule("node:os").tmpdir(), `signalbox-${process.geteuid?.() ?? "rescue"}`);
  if (how === "make") makeQuietly(own);
  return isOurs(own, "folder") ? own : undefined;
}

function makeQuietly(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
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
