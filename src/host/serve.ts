import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError } from "../kernel/errors.ts";
import type { Answerer, ServeLimits, ServeOptions, Serving } from "../kernel/server-machine.ts";
import { Roll } from "../kernel/roll.ts";
import { Stop } from "../kernel/stop-signal.ts";
import { type Crowd, createCrowd } from "./crowd.ts";
import { errnoOf } from "./errno.ts";
import { giveAnswer } from "./serve-answer.ts";
import { readRequest } from "./serve-request.ts";
import { atTurnsEnd } from "./turns-end.ts";

/** How often Node looks for connections that are too slow. */
const LOOK_MS = 1000;

/** One server for each address, at the same port. */
export async function serve({ hosts, port, limits }: ServeOptions, answer: Answerer): Promise<Serving> {
  const crowd = createCrowd(limits.connections);
  const open = createOpen(crowd);
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const gone = new Stop();
    open.take(outgoing, gone);
    atTurnsEnd(() => void giveAnswer(readRequest(incoming, gone, limits), outgoing, answer));
  };
  const servers: Server[] = [];
  const listening: string[] = [];
  let chosen = port;
  const close = async (): Promise<void> => {
    for (const server of servers) server.close().closeAllConnections();
  };
  try {
    for (const host of hosts) {
      const server = createLimited(limits, handle).on("connection", crowd.enter);
      const at = await listen(server, host, chosen, listening.length === 0 ? "needed" : "optional");
      if (at === undefined) continue;
      chosen = at;
      servers.push(server);
      listening.push(host);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const url = `http://${shown(listening[0] ?? "")}:${chosen}`;
  return { url, port: chosen, hosts: listening, drain: (graceMs) => open.drain(servers, graceMs), close };
}

/** Answers that are under way. */
function createOpen(crowd: Crowd) {
  const active = new Roll<ServerResponse>();
  const waiting = createWaiting();
  let onIdle: (() => void) | undefined;
  let isClosing = false;
  return {
    /** `gone` is told when the connection closes before the answer's end. */
    take: (outgoing: ServerResponse, gone: Stop): void => {
      const { socket } = outgoing.req;
      const leave = active.enter(outgoing);
      crowd.begin(socket);
      outgoing.on("close", () => {
        if (!outgoing.writableFinished) gone.abort();
        leave();
        crowd.end(socket);
        if (active.size === 0) onIdle?.();
      });
      if (outgoing.socket === null) waiting.add(outgoing);
      if (isClosing) outgoing.shouldKeepAlive = false;
    },
    drain: (servers: readonly Server[], graceMs: number): Promise<"done" | "late"> => {
      isClosing = true;
      for (const one of active) one.shouldKeepAlive = false;
      for (const server of servers) server.close().closeIdleConnections();
      if (active.size === 0) return Promise.resolve("done");
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve("late"), graceMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve("done");
        };
      });
    },
  };
}

/** Answers behind another one of their connection: they get it when it is their turn, and Node tells them nothing when it closes before. */
function createWaiting() {
  const bySocket = new WeakMap<Socket, Set<ServerResponse>>();
  const waitingOn = (socket: Socket): Set<ServerResponse> => {
    const known = bySocket.get(socket);
    if (known !== undefined) return known;
    const fresh = new Set<ServerResponse>();
    bySocket.set(socket, fresh);
    socket.once("close", () => {
      for (const one of fresh) one.destroy().emit("close");
    });
    return fresh;
  };
  return {
    add: (outgoing: ServerResponse): void => {
      const all = waitingOn(outgoing.req.socket).add(outgoing);
      outgoing.once("socket", () => all.delete(outgoing));
    },
  };
}

function createLimited(limits: ServeLimits, handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: LOOK_MS,
      keepAliveTimeout: limits.keepAliveMs,
      requireHostHeader: false,
      insecureHTTPParser: false,
      noDelay: true,
    },
    handle,
  );
  // One more than allowed, so that too many can be told from just enough.
  server.maxHeadersCount = limits.headers + 1;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(socket, STATUS_BY_CODE[error.code ?? ""] ?? "400 Bad Request"));
  server.on("upgrade", (_, socket) => refuse(socket, "400 Bad Request"));
  server.on("connect", (_, socket) => refuse(socket, "400 Bad Request"));
  return server;
}

const STATUS_BY_CODE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
});

/** What is no request of ours: WebSockets, tunnels, bytes that are no HTTP. */
function refuse(socket: Duplex, status: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

/** The port; undefined for an address that this machine does not have. */
function listen(server: Server, host: string, port: number, need: "needed" | "optional"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const code = errnoOf(error) ?? "";
      if (need === "optional" && (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT")) resolve(undefined);
      else reject(listenFailure(code, host, port, error));
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners("error");
      server.on("error", () => undefined);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenFailure(code: string, host: string, port: number, cause: unknown): AppError {
  if (code === "EADDRINUSE")
    return new AppError("GATEWAY_PORT_TAKEN", `port ${port} of ${host} is taken by another program`, {
      hint: "Is a gateway running already? `{cli} gateway status` tells. Else choose another one: --port 4101, or --port 0 for any that is free.",
      cause,
    });
  const why = code === "EACCES" ? "this user may not listen there" : code === "EADDRNOTAVAIL" ? "this machine does not have that address" : code;
  return new AppError("GATEWAY_LISTEN_FAILED", `the gateway cannot listen at ${shown(host)}:${port}: ${why}`, {
    hint: "Give an address of this machine with --listen and a port above 1023 with --port.",
    cause,
  });
}

function shown(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
