import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { response } from "./fake-host.ts";
import type { ModelServer } from "./model-servers.ts";

/** For `fakeHost({ http })`: each server at its origin; everywhere else the connection is refused. */
export function answering(servers: Readonly<Record<string, ModelServer>>): (request: HttpRequest) => HttpResponse {
  return ({ url, method, headers, body = "" }) => {
    const { origin, pathname, search } = new URL(url);
    const server = servers[origin];
    if (server === undefined) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const { status, json } = server({ method, path: pathname + search, headers, body });
    return response(status, JSON.stringify(json), { "content-type": "application/json" });
  };
}
