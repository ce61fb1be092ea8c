import { isUtf8 } from "node:buffer";
import type { FileRead } from "../kernel/host.ts";
import { errnoOf } from "./errno.ts";
import { type BytesRead, readBytes } from "./read-bytes.ts";

/** Reads a regular file of at most `maxBytes` as UTF-8, without a leading byte order mark. Never throws. */
export function readText(path: string, maxBytes: number): FileRead {
  try {
    return asText(readBytes(path, maxBytes));
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    return { kind: "unreadable", reason };
  }
}

export function asText(read: BytesRead): FileRead {
  if (read.kind === "no_file") return { kind: "unreadable", reason: read.reason };
  if (read.kind !== "bytes") return read;
  if (!isUtf8(read.bytes)) return { kind: "not_text", guess: read.bytes.toString(isUtf16(read.bytes) ? "utf16le" : "latin1") };
  const text = read.bytes.toString("utf8");
  return { kind: "text", text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

function isUtf16(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
