import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { beside } from "./beside.ts";
import type { Contender, FileLock } from "./contender.ts";
import { errnoOf } from "./errno.ts";
import { contendForLinkLock } from "./link-lock.ts";
import { newOwner, type Owner, readLockRecord } from "./lock-record.ts";

/** As the kernels have them; Node names neither. macOS: <sys/fcntl.h>. Windows: libuv's UV_FS_O_EXLOCK, which opens a file for nobody else. */
const LOCKED = { darwin: 0x20 | constants.O_NONBLOCK, win32: 0x10000000 } as const;
/** What a file says that another process holds: `EAGAIN` on macOS, `EBUSY` on Windows. */
const HELD = new Set(["EAGAIN", "EBUSY"]);
/** Network disks, on macOS. */
const NO_LOCKS = new Set(["ENOTSUP", "EOPNOTSUPP"]);

/** What a test has in place of the kernel. */
export interface KernelCalls {
  readonly platform: keyof typeof LOCKED;
  open(file: string, flags: number, mode: number): number;
  close(descriptor: number): void;
}

const realCalls: KernelCalls = { platform: process.platform === "win32" ? "win32" : "darwin", open: openSync, close: closeSync };

/**
 * A lock that the kernel keeps as long as a file is open: it goes when the process dies, and needs no record. The file itself is never removed, or
 * two processes could each lock a file of that name. The record in it is for people, and on Windows nobody else can read it.
 */
export function contendForKernelLock(file: string, command: string, calls: KernelCalls = realCalls): Contender {
  const { lock } = beside(file);
  const flags = constants.O_RDWR | constants.O_CREAT | LOCKED[calls.platform];
  let instead: Contender | undefined;
  return {
    lock,
    holder: () => instead?.holder() ?? readHolder(lock),
    attempt: (nowMs) => {
      if (instead !== undefined) return instead.attempt(nowMs);
      try {
        return opened(lock, calls.open(lock, flags, 0o600), command, calls);
      } catch (thrown) {
        const reason = errnoOf(thrown) ?? "";
        if (HELD.has(reason)) return undefined;
        if (!NO_LOCKS.has(reason)) throw thrown;
        instead = contendForLinkLock(file, command, `${lock}.linked`);
        return instead.attempt(nowMs);
      }
    },
  };
}

function opened(lock: string, descriptor: number, command: string, calls: KernelCalls): FileLock | undefined {
  const held = (): boolean => calls.platform === "win32" || leadsTo(lock, descriptor);
  let tookOver: boolean | undefined;
  try {
    if (held()) tookOver = fstatSync(descriptor).size > 0;
  } finally {
    if (tookOver === undefined) calls.close(descriptor);
  }
  if (tookOver === undefined) return undefined;
  note(descriptor, JSON.stringify(newOwner(command)));
  return {
    tookOver,
    held,
    release: () => {
      note(descriptor, "");
      quietly(() => calls.close(descriptor));
    },
  };
}

/** False when somebody removed the file and perhaps made another of its name. */
function leadsTo(lock: string, descriptor: number): boolean {
  const [named, open] = [statSync(lock, { throwIfNoEntry: false }), fstatSync(descriptor)];
  return named?.ino === open.ino && named.dev === open.dev;
}

/** Only for people; what still stands in it when it is locked again says that a holder died. */
function note(descriptor: number, text: string): void {
  quietly(() => {
    fchmodSync(descriptor, 0o600);
    ftruncateSync(descriptor);
    writeSync(descriptor, text, 0);
  });
}

function readHolder(lock: string): Owner | undefined {
  return quietly(() => readLockRecord(lock)?.owner);
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}
