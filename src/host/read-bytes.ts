import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { errnoOf } from "./errno.ts";

export type BytesRead =
  | { readonly kind: "bytes"; readonly bytes: Buffer; readonly stats: Stats }
  | { readonly kind: "absent" }
  | { readonly kind: "too_large"; readonly sizeBytes: number }
  /** A folder (`EISDIR`), a pipe or a device (`ENOTFILE`). */
  | { readonly kind: "no_file"; readonly reason: string };

/** Opened without blocking: a pipe planted under a config's name must not hang us. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a regular file of at most `maxBytes`, also while somebody is making it longer. Throws what the system says, but for an absent file. */
export function readBytes(path: string, maxBytes: number): BytesRead {
  let descriptor: number | undefined;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return { kind: "absent" };
    descriptor = openSync(path, READ_FLAGS);
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return { kind: "no_file", reason: "EISDIR" };
    if (!stats.isFile()) return { kind: "no_file", reason: "ENOTFILE" };
    if (stats.size > maxBytes) return { kind: "too_large", sizeBytes: stats.size };
    const bytes = readAtMost(descriptor, stats.size, maxBytes);
    return bytes.length > maxBytes ? { kind: "too_large", sizeBytes: bytes.length } : { kind: "bytes", bytes, stats };
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === "ENOENT" || reason === "ENOTDIR") return { kind: "absent" };
    throw thrown;
  } finally {
    if (descriptor !== undefined) closeQuietly(descriptor);
  }
}

/**
 * What a small file says that is known to be one, in as few calls as can be: such as those of the system. Throws what the system says.
 * Node's own readFileSync ends the process when a file cannot be closed.
 */
export function readSmall(path: string, maxBytes: number): Buffer {
  const descriptor = openSync(path, READ_FLAGS);
  try {
    const buffer = Buffer.allocUnsafe(maxBytes);
    return buffer.subarray(0, readSome(descriptor, buffer, 0));
  } finally {
    closeQuietly(descriptor);
  }
}

/** For what was only read: a failed close loses nothing. */
export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}

/** Most files below /proc are smaller. */
const UNSTATED_BYTES = 1023;

/** The size is a hint: files below /proc say 0, and a file may grow. One byte more than allowed proves that it is too large. */
function readAtMost(descriptor: number, expectedBytes: number, maxBytes: number): Buffer {
  let buffer = Buffer.allocUnsafe(Math.min(expectedBytes === 0 ? UNSTATED_BYTES : expectedBytes, maxBytes) + 1);
  let length = 0;
  for (;;) {
    const got = readSome(descriptor, buffer, length);
    if (got === 0) return buffer.subarray(0, length);
    length += got;
    if (length > maxBytes) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(buffer.length * 2, maxBytes + 1));
  }
}

/** Reading is the one call that Node does not repeat after a signal. */
function readSome(descriptor: number, buffer: Buffer, offset: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, offset, buffer.length - offset, null);
    } catch (thrown) {
      if (errnoOf(thrown) !== "EINTR") throw thrown;
    }
  }
}
