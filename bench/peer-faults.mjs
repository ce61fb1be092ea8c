import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";

/** How a vendor can fail before its answer. */
export const FAULTS = ["503", "429", "refused", "reset", "silent"];

/** The address of a vendor that only ever fails so. */
export async function failingVendor(fault) {
  const error = JSON.stringify({ error: { message: "no", type: "server_error" } });
  const headers = { "content-type": "application/json", ...(fault === "429" && { "retry-after": "30" }) };
  const server =
    fault === "reset"
      ? createSocketServer((socket) => socket.once("data", () => socket.resetAndDestroy()).on("error", () => undefined))
      : createServer((request, answer) => {
          request.resume();
          if (fault !== "silent") answer.writeHead(Number(fault), headers).end(error);
        });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  if (fault === "refused") await new Promise((closed) => server.close(closed));
  return url;
}
