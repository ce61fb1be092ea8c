import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Asked, ModelServer } from "./model-servers.ts";

export interface Serving {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Puts a server on a free port of loopback. */
export async function serve(answer: ModelServer): Promise<Serving> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const one: Asked = { method: request.method ?? "", path: request.url ?? "", headers: request.headers as Asked["headers"], body };
      asked.push(one);
      const { status, json } = answer(one);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}
