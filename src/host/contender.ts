import type { Owner } from "./lock-record.ts";

/** One file, alone among all that keep to the protocol. */
export interface FileLock {
  /** The holder before died with it: what it left lies about. */
  readonly tookOver: boolean;
  /** False when somebody took it away meanwhile. */
  held(): boolean;
  /** Never throws: what was written is written. */
  release(): void;
}

/** One of those who want the lock of a file. */
export interface Contender {
  readonly lock: string;
  /** Tries once, without waiting. */
  attempt(nowMs: number): FileLock | undefined;
  /** Who holds it, where that can be read. */
  holder(): Owner | undefined;
}
