import { unlinkSync } from "node:fs";
import { beside } from "./beside.ts";
import { breakLock, isOver } from "./break-lock.ts";
import type { Contender, FileLock } from "./contender.ts";
import { errnoOf } from "./errno.ts";
import { judge, type LockRecord, liveTokens, MAX_RECORD_BYTES, newOwner, readLockRecord } from "./lock-record.ts";
import { placeFile } from "./place-file.ts";
import { readBytes } from "./read-bytes.ts";

/** A maker who cannot be asked is watched as long, besides the lease: a jump of the disk's clock makes any lock look old. */
const WATCH_MS = 2000;
/** How often the disk's clock is asked, and the system for a process. */
const LOOK_MS = 500;
const ASK_MS = 25;
/** Between finding a lock and taking it others may come and go. */
const MAX_ROUNDS = 6;
const REMOVE_ATTEMPTS = 3;

/** A lock that is a file with its owner's record, made by link(2). It is worth as much as its owner lives: see `judge`. */
export function contendForLinkLock(file: string, command: string, lock = beside(file).lock): Contender {
  let seen: LockRecord | undefined;
  let seenSinceMs = 0;
  let lookAtMs = 0;

  const isBreakable = (record: LockRecord, nowMs: number): boolean => {
    if (record.token !== seen?.token) [seen, seenSinceMs, lookAtMs] = [record, nowMs, nowMs];
    if (nowMs < lookAtMs) return false;
    const isForeign = record.owner === undefined || judge(record.owner) === "foreign";
    lookAtMs = nowMs + (isForeign ? LOOK_MS : ASK_MS);
    return (!isForeign || nowMs - seenSinceMs >= WATCH_MS) && isOver(lock, record);
  };

  return {
    lock,
    holder: () => seen?.owner,
    attempt: (nowMs) => {
      let tookOver = false;
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const found = (seen === undefined ? undefined : readLockRecord(lock)) ?? take(lock, command, { tookOver });
        if (found === undefined) continue;
        if ("held" in found) return found;
        if (!isBreakable(found, nowMs) || !breakLock(lock, found.token, command)) return undefined;
        tookOver = true;
      }
      return undefined;
    },
  };
}

/** The lock, or the record of who has it. undefined when that one let go just now. */
function take(lock: string, command: string, { tookOver }: Pick<FileLock, "tookOver">): FileLock | LockRecord | undefined {
  const owner = newOwner(command);
  const live = liveTokens();
  let placed = false;
  live.add(owner.token);
  try {
    placed = placeFile(lock, JSON.stringify(owner));
  } finally {
    if (!placed) live.delete(owner.token);
  }
  return placed ? { tookOver, held: () => isHeld(lock, owner.token), release: () => release(lock, owner.token) } : readLockRecord(lock);
}

/** Throws what the system says when it does not let us see. */
function isHeld(lock: string, token: string): boolean {
  const found = readLockRecord(lock);
  if (found !== undefined && found.owner === undefined) readBytes(lock, MAX_RECORD_BYTES);
  return found?.token === token;
}

/** Forgets the token first: a lock that cannot be removed now is one that we left behind. */
function release(lock: string, token: string): void {
  liveTokens().delete(token);
  for (let attempt = 1; attempt <= REMOVE_ATTEMPTS; attempt++) {
    try {
      if (isOurs(lock, token)) unlinkSync(lock);
      return;
    } catch (thrown) {
      if (errnoOf(thrown) === undefined) throw thrown;
    }
  }
}

/** So too when it cannot be read any more: nobody takes a lock from a living process of this machine. */
function isOurs(lock: string, token: string): boolean {
  try {
    const found = readLockRecord(lock);
    return found !== undefined && (found.owner === undefined || found.token === token);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return true;
  }
}
