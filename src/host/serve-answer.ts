import type { ServerResponse } from "node:http";
import { AppError } from "../kernel/errors.ts";
import type { Answerer, ServedRequest, ServedResponse } from "../kernel/server-machine.ts";
import { atTurnsEnd } from "./turns-end.ts";

/**
 * Never rejects. An answerer that throws is a fault of ours: the client gets a 500 without a word of it, and the fault is thrown where nobody catches it. A
 * body that throws is cut off; where it met what only a mistake throws, that is thrown there as well.
 */
export function giveAnswer(request: ServedRequest, outgoing: ServerResponse, answer: Answerer): Promise<void> {
  return answer(request).then(
    (answered) => give(answered, outgoing),
    (thrown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { connection: "close" });
      outgoing.end();
      throwUncaught(thrown);
    },
  );
}

function throwUncaught(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}

function give({ status, headers, body, whenOver }: ServedResponse, outgoing: ServerResponse): void | Promise<void> {
  if (outgoing.destroyed) return discard(body, whenOver);
  // A body that nobody read would be taken for the next request.
  if (!outgoing.req.complete) outgoing.shouldKeepAlive = false;
  if (whenOver !== undefined) outgoing.on("close", () => whenOver(outgoing.writableFinished ? "sent" : "gone"));
  if (typeof body === "string" || body instanceof Uint8Array) {
    // A list: one more name in a copy of an object is slow to put in.
    const all: string[] = [];
    for (const name in headers) all.push(name, headers[name] ?? "");
    all.push("content-length", String(Buffer.byteLength(body)));
    outgoing.writeHead(status, all);
    atTurnsEnd(() => (outgoing.req.complete ? void outgoing.end(body) : endToSender(outgoing, body)));
    return;
  }
  outgoing.writeHead(status, headers);
  return pass(body, outgoing);
}

/** How long who still sends may take to read that nobody wants it. */
const LINGER_MS = 2000;

/** A connection that is closed over bytes that nobody took is reset, and who still sends hears of that alone: so they are taken, and thrown away, for a while. */
function endToSender(outgoing: ServerResponse, body: string | Uint8Array): void {
  const end = (): void => {
    clearTimeout(patience);
    outgoing.end();
  };
  const patience = setTimeout(end, LINGER_MS);
  outgoing.write(body);
  outgoing.req.once("end", end).once("close", end).resume();
}

/** As fast as the client reads, and no faster. */
async function pass(body: AsyncIterable<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      if (outgoing.destroyed) break;
      if (!outgoing.write(next.value)) await room(outgoing);
    }
    outgoing.end();
  } catch (thrown) {
    outgoing.destroy();
    if (isMistake(thrown)) throwUncaught(thrown);
  } finally {
    await pieces.return?.();
  }
}

/** The language's own errors. What a vendor or the way to it throws, and a call that is given up, has a class, a name or a code of its own. */
const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError];

function isMistake(thrown: unknown): boolean {
  return thrown instanceof AppError ? thrown.code === "INTERNAL" : MISTAKES.some((kind) => thrown instanceof kind);
}

/** Resolves when the client has read, or has gone. */
function room(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed) return resolve();
    const done = (): void => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
}

async function discard(body: ServedResponse["body"], whenOver: ServedResponse["whenOver"]): Promise<void> {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
  whenOver?.("gone");
}
