import { chmodSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import * as path from "node:path";
import { flushFolderAt } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";

/** Makes what is missing of a path of folders, 0700 whatever the umask, to stay. What is there is left as it is. Returns what it made, outermost first. */
export function makeFolders(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return [];
  const parent = path.dirname(folder);
  const made = makeFolders(parent);
  try {
    mkdirSync(folder, 0o700);
    made.push(folder);
    chmodSync(folder, 0o700);
    flushFolderAt(parent);
    return made;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return made;
    removeFolders(made);
    throw thrown;
  }
}

/** Those that are still empty. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch (thrown) {
      if (errnoOf(thrown) === undefined) throw thrown;
    }
  }
}
