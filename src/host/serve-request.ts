import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyRead, ServedRequest, ServeLimits } from "../kernel/server-machine.ts";

/** More headers than allowed are one header that nobody may send. */
export const TOO_MANY_HEADERS = ":too-many";

/** Node's request as a plain value. Its signal fires when the connection closes before the answer's end. */
export function readRequest(incoming: IncomingMessage, outgoing: ServerResponse, limits: Pick<ServeLimits, "headers">): ServedRequest {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return {
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    httpVersion: incoming.httpVersion,
    headers: pairs(incoming.rawHeaders, limits.headers),
    readBody: (maxBytes) => readBody(incoming, maxBytes),
    signal: gone.signal,
  };
}

function pairs(raw: readonly string[], most: number): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] ?? "", raw[i + 1] ?? ""]);
  if (found.length > most) found.push([TOO_MANY_HEADERS, ""]);
  return found;
}

/** Stops reading at the first byte too many, or when the stated length says so at once. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<BodyRead> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve({ kind: "too_large" });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let total = 0;
    const gone = (): void => resolve({ kind: "gone" });
    incoming.on("data", (piece: Buffer) => {
      total += piece.length;
      if (total > maxBytes) {
        incoming.removeAllListeners("data").pause();
        resolve({ kind: "too_large" });
      } else pieces.push(piece);
    });
    incoming.once("end", () => {
      const [only] = pieces;
      const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
      resolve(isUtf8(bytes) ? { kind: "text", text: bytes.toString("utf8") } : { kind: "not_text" });
    });
    incoming.once("error", gone);
    incoming.once("close", gone);
    if (incoming.destroyed) gone();
  });
}
