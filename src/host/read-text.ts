import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { FileRead } from "../kernel/host.ts";
import { errnoOf } from "./errno.ts";

/** Opened without blocking: a pipe planted under a config's name must not hang us. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a regular file of at most `maxBytes`, also while somebody is making it longer. */
export function readText(path: string, maxBytes: number): FileRead {
  let descriptor: number | undefined;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return { kind: "absent" };
    descriptor = openSync(path, READ_FLAGS);
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return { kind: "unreadable", reason: "EISDIR" };
    if (!stats.isFile()) return { kind: "unreadable", reason: "ENOTFILE" };
    if (stats.size > maxBytes) return { kind: "too_large", sizeBytes: stats.size };
    return decode(readAtMost(descriptor, stats.size, maxBytes), maxBytes);
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    return reason === "ENOENT" || reason === "ENOTDIR" ? { kind: "absent" } : { kind: "unreadable", reason };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The size is a hint: files below /proc say 0, and a file may grow. One byte more than allowed proves that it is too large. */
function readAtMost(descriptor: number, expectedBytes: number, maxBytes: number): Buffer {
  let buffer = Buffer.allocUnsafe(Math.min(expectedBytes, maxBytes) + 1);
  let length = 0;
  for (;;) {
    const got = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (got === 0) return buffer.subarray(0, length);
    length += got;
    if (length > maxBytes) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(buffer.length * 2, maxBytes + 1));
  }
}

function decode(bytes: Buffer, maxBytes: number): FileRead {
  if (bytes.length > maxBytes) return { kind: "too_large", sizeBytes: bytes.length };
  if (!isUtf8(bytes)) return { kind: "not_text" };
  const text = bytes.toString("utf8");
  return { kind: "text", text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}
