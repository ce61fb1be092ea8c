import { unlinkSync } from "node:fs";
import * as path from "node:path";
import { removeQuietly } from "./atomic-file.ts";
import { claimName } from "./beside.ts";
import { isOlderThan } from "./disk-clock.ts";
import { errnoOf } from "./errno.ts";
import { judge, type LockRecord, newOwner, readLockRecord } from "./lock-record.ts";
import { placeFile } from "./place-file.ts";

/** A lock or a claim whose maker cannot be asked is over when it is as old as this; holders need some ten milliseconds. */
export const LEASE_MS = 60_000;
/** Those of a renewal hold for a whole request to an issuer: to break one too early spends a refresh token twice. */
const REFRESH_LEASE_MS = 120_000;
/** What the name of a credential's lock has, and no other. */
export const REFRESH_MARK = ".refresh-";
/** Each costs somebody's death. */
const MAX_CLAIMS = 32;

/** Whether the maker is dead, or cannot be asked and had more time than anybody needs. */
export function isOver(file: string, { owner }: LockRecord, lock = file): boolean {
  const verdict = owner === undefined ? "foreign" : judge(owner);
  return verdict === "dead" || (verdict === "foreign" && isOlderThan(file, leaseOf(lock), lock));
}

function leaseOf(lock: string): number {
  return path.basename(lock).includes(REFRESH_MARK) ? REFRESH_LEASE_MS : LEASE_MS;
}

/**
 * Removes a lock that is over. To look and then to remove is not safe, however quickly it is done: the lock that is removed may be the next one.
 * So the right to remove this one acquisition is itself a file, which one process alone can make; its name holds the token of the acquisition,
 * which is never used again. Where the process that made it died, the same goes for that file. True when it is worth trying again at once.
 */
export function breakLock(lock: string, token: string, command: string): boolean {
  const claims: string[] = [];
  let right = token;
  for (let depth = 0; depth < MAX_CLAIMS; depth++) {
    const claim = claimName(lock, right);
    claims.unshift(claim);
    if (placeFile(claim, JSON.stringify(newOwner(command)))) {
      try {
        if (readLockRecord(lock)?.token === token) remove(lock);
      } finally {
        for (const each of claims) removeQuietly(each);
      }
      return true;
    }
    const found = readLockRecord(claim);
    if (found === undefined) return true;
    if (!isOver(claim, found, lock)) return false;
    right = found.token;
  }
  return false;
}

function remove(lock: string): void {
  try {
    unlinkSync(lock);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
  }
}
