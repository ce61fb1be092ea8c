import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type LookupFunction, type Server as TcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { createSender } from "../../src/host/send-request.ts";
import { Stop, type StopSignal } from "../../src/kernel/stop-signal.ts";
import { failureOfThrown } from "../../src/protocols/thrown.ts";

const SECRET = "Bearer sk-canary-0123456789abcdef";
const servers: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

interface Listening {
  readonly port: number;
  readonly seen: { readonly path: string | undefined; readonly authorization: string | undefined }[];
  readonly connections: () => number;
}

async function listening(answer: (path: string) => { status: number; headers?: Record<string, string> }): Promise<Listening> {
  const seen: { path: string | undefined; authorization: string | undefined }[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push({ path: request.url, authorization: request.headers.authorization });
    const { status, headers = {} } = answer(request.url ?? "");
    response.writeHead(status, { connection: "close", ...headers }).end();
  }).on("connection", () => connections++);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { port: (server.address() as AddressInfo).port, seen, connections: () => connections };
}

/** A name server that says something else each time; the last word stays. */
function resolver(...addresses: string[]): { readonly lookup: LookupFunction; readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, options, done) => {
    const address = addresses[Math.min(asked.length, addresses.length - 1)] ?? "";
    asked.push(hostname);
    if (options.all === true) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  };
  return { lookup, asked };
}

const send = (lookup: LookupFunction | undefined, url: string) =>
  createSender(lookup === undefined ? {} : { lookup })({ method: "GET", url, headers: { authorization: SECRET } }, new AbortController().signal);
/** The system's code, however deep it lies. */
const codeOf = (thrown: unknown): unknown => {
  const { code, cause } = thrown as { code?: unknown; cause?: unknown };
  return code ?? (cause === undefined ? undefined : codeOf(cause));
};

describe("where a request goes is decided by the address, when it is connected to", () => {
  test("a name that leads to a machine of ours is asked", async () => {
    const server = await listening(() => ({ status: 200 }));
    const { lookup, asked } = resolver("127.0.0.1");
    expect((await send(lookup, `http://models.example:${server.port}/v1`)).status).toBe(200);
    expect([asked, server.seen.length]).toEqual([["models.example"], 1]);
  });

  test.each(["169.254.169.254", "100.100.100.200", "224.0.0.1"])("a name that leads to %s is not connected to", async (address) => {
    const { lookup, asked } = resolver(address);
    const started = performance.now();
    const thrown = await send(lookup, "http://models.example:80/v1").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect([codeOf(thrown), asked]).toEqual(["EHOSTUNREACH", ["models.example"]]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("a name that leads elsewhere the second time: the first answer is the one connected to, and the second one is looked at too", async () => {
    const server = await listening(() => ({ status: 200 }));
    const { lookup, asked } = resolver("127.0.0.1", "169.254.169.254");
    const sender = createSender({ lookup });
    const ask = () => sender({ method: "GET", url: `http://models.example:${server.port}/v1`, headers: {} }, new AbortController().signal);
    expect((await ask()).status).toBe(200);
    await expect(ask().catch((error: unknown) => Promise.reject(new Error(String(codeOf(error)))))).rejects.toThrow("EHOSTUNREACH");
    expect([asked.length, server.seen.length]).toEqual([2, 1]);
  });

  test("an address that is written out is not looked up, and refused all the same", async () => {
    const { lookup, asked } = resolver("127.0.0.1");
    await expect(send(lookup, "http://2852039166/latest/meta-data")).rejects.toMatchObject({ code: "EHOSTUNREACH" });
    expect(asked).toEqual([]);
  });
});

test("a redirect is handed back: the other host gets no connection, and so no byte of the key", async () => {
  const other = await listening(() => ({ status: 200 }));
  const server = await listening((path) => ({ status: path.endsWith("308") ? 308 : 307, headers: { location: `http://127.0.0.1:${other.port}/steal` } }));
  for (const path of ["/307", "/308"]) {
    const { status, headers } = await send(undefined, `http://127.0.0.1:${server.port}${path}`);
    expect([status, headers["location"]]).toEqual([Number(path.slice(1)), `http://127.0.0.1:${other.port}/steal`]);
  }
  expect([server.seen.map(({ authorization }) => authorization), other.connections()]).toEqual([[SECRET, SECRET], 0]);
});

test("what is given up in the turn in which it was asked for is not sent, and costs no connection", async () => {
  const server = await listening(() => ({ status: 200, headers: { connection: "keep-alive" } }));
  const sender = createSender();
  const ask = (path: string, signal: StopSignal) => sender({ method: "GET", url: `http://127.0.0.1:${server.port}${path}`, headers: {} }, signal);
  const read = async (path: string): Promise<void> => {
    for await (const _ of (await ask(path, new Stop())).body);
  };
  await read("/first");
  const stop = new Stop();
  const givenUp = ask("/given-up", stop);
  const why = new Error("the caller has left");
  stop.abort(why);
  await expect(givenUp).rejects.toBe(why);
  await read("/last");
  expect([server.seen.map(({ path }) => path), server.connections()]).toEqual([["/first", "/last"], 1]);
});

describe("an answer that ends before it is over", () => {
  const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
  /** What a vendor's socket sends once, and when it is then closed: at once, or by a reset when a piece of it was read. */
  async function failureOf(sent: string, close: "at once" | "reset when read"): Promise<readonly unknown[]> {
    let reset = (): unknown => undefined;
    const server = createTcpServer((socket) => {
      reset = () => socket.resetAndDestroy();
      socket.on("error", () => undefined).once("data", () => (close === "at once" ? socket.end(sent, "latin1") : socket.write(sent, "latin1")));
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    let text = "";
    try {
      const { body } = await send(undefined, `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
      for await (const chunk of body) {
        text += Buffer.from(chunk).toString();
        if (close === "reset when read") reset();
      }
      return [text];
    } catch (thrown) {
      const { reason, detail } = failureOfThrown(thrown);
      return [text, reason, detail];
    }
  }

  test.each([
    ["a length", `${HEAD}content-length: 1000\r\n\r\nhello`],
    ["a length, on a connection that is closed", `${HEAD}connection: close\r\ncontent-length: 1000\r\n\r\nhello`],
    ["chunks", `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`],
    ["chunks, on a connection that is closed", `${HEAD}connection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`],
    ["chunks, within one", `${HEAD}transfer-encoding: chunked\r\n\r\n50\r\nhello`],
  ])("by %s is cut", async (_, sent) => {
    expect(await failureOf(sent, "at once")).toEqual(["hello", "network", "cut"]);
  });

  test("with a reset is that", async () => {
    expect(await failureOf(`${HEAD}content-length: 1000\r\n\r\nhello`, "reset when read")).toEqual(["hello", "network", "reset"]);
  });

  test.each(["", "HTTP/1.1 200 OK\r\ncontent-ty"])("before its head is over is no answer that was cut: %j", async (sent) => {
    expect(await failureOf(sent, "at once")).toEqual(["", "network", "reset"]);
  });

  test("of a packed body is cut too", async () => {
    const packed = gzipSync("hello ".repeat(1000)).toString("latin1").slice(0, 30);
    expect((await failureOf(`${HEAD}content-encoding: gzip\r\ncontent-length: 1000\r\n\r\n${packed}`, "at once")).slice(1)).toEqual(["network", "cut"]);
  });
});

describe("whether all of an answer has come with its head", () => {
  const head = (more: string): string => `HTTP/1.1 200 OK\r\n${more}\r\n\r\n`;
  const packed = gzipSync("hello").toString("latin1");

  test.each([
    ["by its length", `${head("content-length: 5")}hello`, "hello"],
    ["in chunks", `${head("transfer-encoding: chunked")}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, "hello"],
    ["empty", head("content-length: 0"), ""],
    ["not yet, by its length", `${head("content-length: 6")}hello`, undefined],
    ["not yet, in chunks", `${head("transfer-encoding: chunked")}5\r\nhello\r\n`, undefined],
    ["packed: nobody knows before it is read", `${head(`content-encoding: gzip\r\ncontent-length: ${packed.length}`)}${packed}`, undefined],
  ])("%s", async (_, sent, wanted) => {
    const server = createTcpServer((socket) => {
      sockets.push(socket.on("error", () => undefined).once("data", () => socket.write(sent, "latin1")));
    });
    const sockets: Socket[] = [];
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { body } = await send(undefined, `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    const arrived = body.arrived?.();
    expect(arrived === undefined ? undefined : Buffer.concat(arrived).toString()).toBe(wanted);
    for (const socket of sockets) socket.destroy();
  });
});
