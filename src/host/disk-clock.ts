import { fstatSync, lstatSync } from "node:fs";
import { createWhole, removeQuietly } from "./atomic-file.ts";
import { candidateName } from "./beside.ts";

/** Longer ago than `limitMs` by the disk's own clock. False when the file is gone, or comes from the future. */
export function isOlderThan(file: string, limitMs: number, lock = file): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats !== undefined && diskNowMs(lock) - stats.mtimeMs >= limitMs;
}

/**
 * What time it is on the disk that holds `lock`: a file that was made just now says so. Times of two files on one disk can be compared whatever
 * clock this machine has.
 */
export function diskNowMs(lock: string): number {
  const probe = candidateName(lock);
  let nowMs = 0;
  try {
    createWhole(probe, new Uint8Array(), (descriptor) => {
      nowMs = fstatSync(descriptor).mtimeMs;
    });
    return nowMs;
  } finally {
    removeQuietly(probe);
  }
}
