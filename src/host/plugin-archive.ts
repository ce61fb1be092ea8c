import { AppError, assertNever } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";
import { type BytesRead, readBytes } from "./read-bytes.ts";

/** The bytes of an archive that the user named. */
export function readArchive(file: string, maxBytes: number): Uint8Array {
  const read = bytesOf(file, maxBytes);
  switch (read.kind) {
    case "bytes":
      return read.bytes;
    case "absent":
      throw new AppError("FILE_MISSING", `there is no ${file}`, { hint: "Check the path.", place: { file } });
    case "too_large":
      throw new AppError("PLUGIN_REFUSED", `${file} is larger than ${Math.floor(maxBytes / 2 ** 20)} MB`, {
        hint: "No plugin needs that much. Nothing was installed.",
      });
    case "no_file":
      throw new AppError("FILE_UNREADABLE", `${file} is no file that can be read (${read.reason})`, { hint: "Name a folder or an archive.", place: { file } });
    default:
      return assertNever(read);
  }
}

function bytesOf(file: string, maxBytes: number): BytesRead {
  try {
    return readBytes(file, maxBytes);
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    return { kind: "no_file", reason };
  }
}

/** Unpacks into memory, and stops at the limit: a small archive may unpack to any size. */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return process.getBuiltinModule("node:zlib").gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    const why = reason === "ERR_BUFFER_TOO_LARGE" ? `unpacks to more than ${Math.floor(maxBytes / 2 ** 20)} MB` : "is damaged or no gzip";
    throw new AppError("PLUGIN_REFUSED", `the archive ${why}`, { hint: "Nothing was installed. Get it again, or ask who made it.", cause: thrown });
  }
}
