import type { ServerResponse } from "node:http";
import type { Answerer, ServedRequest, ServedResponse } from "../kernel/server-machine.ts";

/** Never rejects. An answerer that throws is a fault of ours: the client gets a 500 without a word of it, and the fault is thrown where nobody catches it. */
export async function giveAnswer(request: ServedRequest, outgoing: ServerResponse, answer: Answerer): Promise<void> {
  let answered: ServedResponse;
  try {
    answered = await answer(request);
  } catch (thrown) {
    if (!outgoing.headersSent) outgoing.writeHead(500, { connection: "close" });
    outgoing.end();
    queueMicrotask(() => {
      throw thrown;
    });
    return;
  }
  if (outgoing.destroyed) {
    await discard(answered.body);
    answered.whenOver?.("gone");
    return;
  }
  // A body that nobody read would be taken for the next request.
  if (!outgoing.req.complete) outgoing.shouldKeepAlive = false;
  const { body, whenOver } = answered;
  if (whenOver !== undefined) outgoing.once("close", () => whenOver(outgoing.writableFinished ? "sent" : "gone"));
  if (typeof body === "string" || body instanceof Uint8Array) {
    outgoing.writeHead(answered.status, { ...answered.headers, "content-length": Buffer.byteLength(body) });
    outgoing.end(body);
    return;
  }
  outgoing.writeHead(answered.status, answered.headers);
  await pass(body, outgoing);
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
  } catch {
    outgoing.destroy();
  } finally {
    await pieces.return?.();
  }
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

async function discard(body: ServedResponse["body"]): Promise<void> {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}
