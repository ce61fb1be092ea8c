import * as path from "node:path";
import type { FileKeeping } from "../kernel/host.ts";
import type { FileLock } from "./contender.ts";
import { errnoOf } from "./errno.ts";
import { acquireLock } from "./file-lock.ts";
import { type OlderLock, olderLock } from "./older-lock.ts";
import { type Pace, realPace } from "./pace.ts";
import { makeFolders, removeFolders } from "./private-folder.ts";
import { type RealTarget, realTarget } from "./real-target.ts";
import { inTurn } from "./turns.ts";
import { writeFailure } from "./write-failure.ts";

/** One file, perhaps under several of the names that were given. */
export interface Target extends RealTarget {
  readonly names: readonly [string, ...string[]];
}

/** What is known while the locks are held. */
export interface Alone {
  readonly targets: readonly Target[];
  /** A holder before died: what it left lies about. */
  readonly tookOver: boolean;
  /** Asked again just before something is written: false when a lock was taken away, or an agent of an earlier version took its own. */
  isStill(): boolean;
}

export type AloneRequest = Pick<FileKeeping, "kept" | "command" | "lockTimeoutMs">;

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Runs `act` alone among all processes that keep to the protocol. `again` when it has to be tried again: a link was turned meanwhile, or a folder
 * vanished. Folders that are missing are made, and removed when they are still empty at the end. Throws LOCK_HELD, FILE_READ_ONLY, FILE_WRITE_FAILED.
 */
export async function aloneWith<T>(
  files: readonly string[],
  request: AloneRequest,
  act: (alone: Alone) => Promise<T>,
  pace: Pace = realPace,
): Promise<T | "again"> {
  const targets = targetsOf(files);
  return inTurn(
    targets.map(({ file }) => file),
    async () => {
      const made: string[] = [];
      try {
        for (const target of targets) made.push(...folderOf(target));
        return await underLocks(targets, request, act, pace);
      } finally {
        removeFolders(made);
      }
    },
  );
}

async function underLocks<T>(targets: readonly Target[], request: AloneRequest, act: (alone: Alone) => Promise<T>, pace: Pace): Promise<T | "again"> {
  const older = request.kept === "secrets" ? targets.map(({ file, names: [name] }) => olderLock(file, name)) : [];
  await allGone(older, targets, request, pace);
  const locks: FileLock[] = [];
  try {
    const deadlineMs = pace.nowMs() + timeoutOf(request);
    for (const target of targets) {
      const lock = await lockOf(target, { command: request.command, timeoutMs: deadlineMs - pace.nowMs(), pace });
      if (lock === undefined) return "again";
      locks.push(lock);
    }
    const isFree = (): boolean => naming(targets[0]?.names[0] ?? "", () => !older.some((lock) => lock.isTaken()));
    const isHeld = (): boolean => naming(targets[0]?.names[0] ?? "", () => locks.every((lock) => lock.held()));
    if (!targets.every(isWhereItWas) || !isFree()) return "again";
    return await act({ targets, tookOver: locks.some(({ tookOver }) => tookOver), isStill: () => isHeld() && isFree() });
  } finally {
    for (const lock of locks.toReversed()) lock.release();
  }
}

/** In the order of the real paths, so that two who want the same files never wait for each other. */
function targetsOf(files: readonly string[]): Target[] {
  const found = new Map<string, Target>();
  for (const name of files) {
    const target = naming(name, () => realTarget(name));
    const before = found.get(target.file);
    found.set(target.file, { ...target, names: before === undefined ? [name] : [...before.names, name] });
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function isWhereItWas({ file, names }: Target): boolean {
  return names.every((name) => naming(name, () => realTarget(name)).file === file);
}

function folderOf({ file, names, dangles }: Target): string[] {
  return dangles ? [] : naming(names[0], () => makeFolders(path.dirname(file)));
}

async function allGone(older: readonly OlderLock[], targets: readonly Target[], request: AloneRequest, pace: Pace): Promise<void> {
  for (const [index, lock] of older.entries()) {
    try {
      await lock.gone(timeoutOf(request), pace);
    } catch (thrown) {
      throw writeFailure(targets[index]?.names[0] ?? "", thrown);
    }
  }
}

/** undefined when the folder vanished: another process made it too, and needed it no longer. */
async function lockOf({ file, names, dangles }: Target, request: Parameters<typeof acquireLock>[1]): Promise<FileLock | undefined> {
  try {
    return await acquireLock(file, { ...request, name: names[0] });
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" && !dangles) return undefined;
    throw writeFailure(names[0], thrown);
  }
}

function timeoutOf({ lockTimeoutMs }: AloneRequest): number {
  return lockTimeoutMs ?? LOCK_TIMEOUT_MS;
}

function naming<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw writeFailure(name, thrown);
  }
}
