import { writeSync } from "node:fs";
import { AppError } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";

/** In bytes: as much as a pipe takes at once. */
const ROOM = 65_536;
/** In UTF-16 units: not worth more than one step. */
const SMALL = 4096;

/**
 * Writes a text and what ends it, in UTF-8. Ends quietly when the reader has gone, waits while a pipe is full; throws ANSWER_UNWRITTEN. Piece by
 * piece through one small room: to join a large text with its line break, and to encode it whole, would each copy it to fresh memory.
 */
export function writeWhole(descriptor: number, text: string, end = ""): void {
  if (text.length < SMALL) {
    const bytes = Buffer.from(text + end, "utf8");
    writeBytes(descriptor, bytes, bytes.length);
    return;
  }
  const encoder = new TextEncoder();
  const room = new Uint8Array(Math.min(ROOM, text.length * 3 + end.length * 3));
  let filled = 0;
  for (const part of [text, end]) {
    for (let at = 0; at < part.length; ) {
      const { read, written } = encoder.encodeInto(part.slice(at, at + ROOM), room.subarray(filled));
      at += read;
      filled += written;
      if (at === part.length) break;
      if (!writeBytes(descriptor, room, filled)) return;
      filled = 0;
    }
  }
  writeBytes(descriptor, room, filled);
}

/** False when nobody reads any more. */
function writeBytes(descriptor: number, bytes: Uint8Array, end: number): boolean {
  for (let offset = 0; offset < end; ) {
    try {
      offset += writeSync(descriptor, bytes, offset, end - offset);
    } catch (thrown) {
      const reason = errnoOf(thrown);
      if (reason === "EPIPE") return false;
      if (reason !== "EAGAIN") throw unwritten(thrown, reason);
      waitForOtherEnd();
    }
  }
  return true;
}

function unwritten(cause: unknown, reason: string | undefined): AppError {
  return new AppError("ANSWER_UNWRITTEN", `the answer could not be written (${reason ?? "unknown"})`, {
    hint: "What the command did is done. Make room where the answer goes, or send it elsewhere.",
    cause,
  });
}

/** A pipe without blocking says EAGAIN while it is full, or empty: sleep 2 ms, burn nothing. */
export function waitForOtherEnd(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
