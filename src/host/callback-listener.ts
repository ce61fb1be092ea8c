import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { AppError } from "../kernel/errors.ts";
import type { CallbackListener, CallbackOptions } from "../kernel/login-machine.ts";
import { errnoOf } from "./errno.ts";

/** Who connects has so long to ask, and as long to take the answer after the listener was closed. */
const PATIENCE_MS = 2000;
const GRACE_MS = 300;
const MOST_CONNECTIONS = 16;
const LARGEST_HEADER_BYTES = 16_384;
/** `localhost` is two addresses, and a port that is free at one may be taken at the other. */
const ATTEMPTS = 5;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  connection: "close",
};

/** Nothing of the request is in these. */
const RECEIVED = page("You can close this page", "The answer has arrived. Go back to the terminal.");
const REFUSED = page("This page belongs to no login", "Nothing waits for it. Go back to the terminal, and follow the address that stands there.");

/** Listens on loopback for the browser to come back (RFC 8252, 7.3 and 8.3). */
export async function listenOnce(options: CallbackOptions): Promise<CallbackListener> {
  let resolveHit: (query: ReadonlyMap<string, string>) => void = () => undefined;
  const hit = new Promise<ReadonlyMap<string, string>>((resolve) => {
    resolveHit = resolve;
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= Promise.all(bound.servers.map(stop)).then(() => undefined);
    return closed;
  };
  const bound = await bind(options, (request, response) => {
    const judged = closed === undefined ? judge(request, options, bound.port) : { status: 410 };
    if ("query" in judged) {
      void close();
      resolveHit(judged.query);
      response.writeHead(200, HEADERS).end(RECEIVED);
    } else response.writeHead(judged.status, HEADERS).end(REFUSED);
  });
  return { redirectUri: `http://${options.host}:${bound.port}${options.path}`, hit, close };
}

type Judgement = { readonly status: number } | { readonly query: ReadonlyMap<string, string> };

/** Only a browser that was sent to exactly this address, as a page, with the one answer of the login that waits. */
function judge({ httpVersion, method, url = "", rawHeaders }: IncomingMessage, { host, path, state }: CallbackOptions, port: number): Judgement {
  const headers = namedHeaders(rawHeaders);
  if (httpVersion !== "1.1") return { status: 505 };
  if (headers.get("host")?.join() !== `${host}:${port}`) return { status: 421 };
  if (method !== "GET") return { status: 405 };
  const [asked, ...rest] = url.split("?");
  if (asked !== path) return { status: 404 };
  if (headers.has("content-length") || headers.has("transfer-encoding")) return { status: 400 };
  if (!isPage(headers)) return { status: 403 };
  const query = once(rest.join("?"));
  if (query === undefined || (state !== undefined && !isSame(query.get("state") ?? "", state))) return { status: 400 };
  return query.has("code") || query.has("error") ? { query } : { status: 400 };
}

function namedHeaders(raw: readonly string[]): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    named.set(name, [...(named.get(name) ?? []), raw[i + 1] ?? ""]);
  }
  return named;
}

/** Browsers say what a request is for; a picture or a script of some page is no one coming back. */
function isPage(headers: ReadonlyMap<string, readonly string[]>): boolean {
  const mode = headers.get("sec-fetch-mode")?.join();
  if (mode === undefined) return !headers.has("origin");
  return mode === "navigate" && headers.get("sec-fetch-dest")?.join() === "document";
}

/** undefined where a name stands in it twice. */
function once(query: string): ReadonlyMap<string, string> | undefined {
  const all = [...new URLSearchParams(query)];
  const named = new Map(all);
  return named.size === all.length ? named : undefined;
}

/** Takes as long for every text of that length. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && process.getBuiltinModule("node:crypto").timingSafeEqual(first, second);
}

interface Bound {
  readonly servers: readonly Server[];
  readonly port: number;
}

async function bind(options: CallbackOptions, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Bound> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindAll(options, answer);
    } catch (thrown) {
      const isTaken = errnoOf(thrown) === "EADDRINUSE";
      if (!isTaken || options.port !== undefined || attempt === ATTEMPTS) throw listenFailed(options, thrown);
    }
  }
}

/** Both addresses of `localhost`, where the machine has both: else somebody else could take the other one, and the browser goes there. */
async function bindAll({ host, port }: CallbackOptions, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Bound> {
  const first = newServer(answer);
  const own = await listen(first, host === "[::1]" ? "::1" : "127.0.0.1", port ?? 0);
  if (host !== "localhost") return { servers: [first], port: own };
  const second = newServer(answer);
  try {
    await listen(second, "::1", own);
    return { servers: [first, second], port: own };
  } catch (thrown) {
    if (errnoOf(thrown) === "EADDRNOTAVAIL" || errnoOf(thrown) === "EAFNOSUPPORT") return { servers: [first], port: own };
    await stop(first);
    throw thrown;
  }
}

function newServer(answer: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = process.getBuiltinModule("node:http").createServer(
    {
      headersTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      connectionsCheckingInterval: PATIENCE_MS,
      maxHeaderSize: LARGEST_HEADER_BYTES,
    },
    answer,
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Takes no new connection from now on; what is being answered has a moment to arrive. */
function stop(server: Server): Promise<void> {
  return new Promise((done) => {
    const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(late);
      done();
    });
    server.closeIdleConnections();
  });
}

function listenFailed({ host, port }: CallbackOptions, cause: unknown): AppError {
  const reason = errnoOf(cause) === "EADDRINUSE" ? "another program listens there" : (errnoOf(cause) ?? "the system refused");
  const place = port === undefined ? host : `${host}:${port}`;
  return new AppError("LOGIN_LISTEN_FAILED", `the browser could not come back to ${place}: ${reason}`, {
    hint: "End that program, perhaps another login that still waits, and run the command again; or log in with a code (`--method device`) where the provider offers it.",
    cause,
  });
}

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}
