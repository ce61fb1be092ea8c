import { isAscii, isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { BodyRead, ServedRequest, ServeLimits } from "../kernel/server-machine.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { atTurnsEnd } from "./turns-end.ts";

/** More headers than allowed are one header that nobody may send. */
export const TOO_MANY_HEADERS = ":too-many";

/** Node's request as a plain value. `gone`: fires when the connection closes before the answer's end. */
export function readRequest(incoming: IncomingMessage, gone: StopSignal, limits: Pick<ServeLimits, "headers">): ServedRequest {
  return {
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    httpVersion: incoming.httpVersion,
    headers: atMost(limits.headers, incoming.rawHeaders),
    readBody: (maxBytes) => readBody(incoming, maxBytes),
    signal: gone,
  };
}

function atMost(most: number, headers: readonly string[]): readonly string[] {
  return headers.length <= 2 * most ? headers : [...headers, TOO_MANY_HEADERS, ""];
}

/** Stops reading at the first byte too many, or when the stated length says so at once. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<BodyRead> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve({ kind: "too_large" });
  return new Promise((resolve) => {
    // Node keeps a request until the next one of its connection: what its listeners hold stays as long, so they let go of it.
    let settle: ((read: BodyRead) => void) | undefined = resolve;
    let pieces: Buffer[] = [];
    let total = 0;
    const letGo = (): typeof settle => {
      const last = settle;
      settle = undefined;
      pieces = [];
      return last;
    };
    const gone = (): void => letGo()?.({ kind: "gone" });
    incoming.on("data", (piece: Buffer) => {
      total += piece.length;
      if (total > maxBytes) {
        incoming.removeAllListeners("data").pause();
        letGo()?.({ kind: "too_large" });
      } else pieces.push(piece);
    });
    incoming.on("end", () => {
      const whole = joined(pieces);
      const done = letGo();
      if (done !== undefined) atTurnsEnd(() => done(textOf(whole)));
    });
    incoming.on("error", gone);
    incoming.on("close", gone);
    if (incoming.destroyed) gone();
  });
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}

/** Where each byte is a character nothing has to be decoded. */
function textOf(bytes: Buffer): BodyRead {
  if (isAscii(bytes)) return { kind: "text", text: bytes.toString("latin1"), bytes };
  return isUtf8(bytes) ? { kind: "text", text: bytes.toString("utf8") } : { kind: "not_text" };
}
