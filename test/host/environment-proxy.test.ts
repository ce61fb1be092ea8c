import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createRawServer, type Server as RawServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSender } from "../../src/host/send-request.ts";
import { deadlinePassed, failureOfThrown } from "../../src/protocols/thrown.ts";
import { afterFailure } from "../../src/routing/failure-policy.ts";

const servers: Server[] = [];
const rawServers: RawServer[] = [];
const open: Socket[] = [];
beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const socket of open.splice(0)) socket.destroy();
  for (const server of rawServers.splice(0)) await new Promise((done) => server.close(done));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A proxy that does this with each tunnel asked of it. */
async function proxy(act: (socket: Socket) => void) {
  const asked: (string | undefined)[] = [];
  const server = createServer().on("connect", ({ url }, socket) => {
    asked.push(url);
    open.push(socket as Socket);
    act(socket as Socket);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A server that does this with each connection. */
async function rawServer(act: (socket: Socket) => void) {
  const server = createRawServer((socket) => {
    open.push(socket.on("error", () => undefined));
    act(socket);
  });
  rawServers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A SOCKS5 proxy (RFC 1928) that leads everybody to one port, or answers with another code. */
const socksProxy = (asked: string[], reply: number, port?: number) =>
  rawServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (said: Buffer) => {
        asked.push(`${said.subarray(5, -2).toString()}:${said.readUInt16BE(said.length - 2)}`);
        socket.write(Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 80]));
        if (port !== undefined) socket.pipe(connect(port, "127.0.0.1").on("error", () => socket.destroy())).pipe(socket);
      });
    });
  });

/** Nobody listens there. A port that was ours and is let go may be another test's at once; this one is given to nobody who asks for any. */
const DEAD = "127.0.0.1:1";

const ask = (url = "https://vendor.invalid/v1", signal = new AbortController().signal) =>
  createSender()({ method: "GET", url, headers: {} }, signal, DEADLINES);
const DEADLINES = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 };
const failureOf = async (url?: string, signal?: AbortSignal) => {
  const { reason, detail, code } = await ask(url, signal).then(() => ({ reason: "answered", detail: undefined, code: undefined }), failureOfThrown);
  return [reason, detail, code];
};

test.each([
  ["https://vendor.invalid/v1", "HTTPS_PROXY"],
  ["https://vendor.invalid/v1", "HTTP_PROXY"],
  ["http://vendor.invalid/v1", "http_proxy"],
])("a dead proxy on the way to %s, named by %s, is told as the proxy", async (url, variable) => {
  vi.stubEnv(variable, `http://${DEAD}`);
  expect(await failureOf(url)).toEqual(["network", "proxy", "ECONNREFUSED"]);
});

test.each([
  ["https://vendor.invalid/v1", "ALL_PROXY", ""],
  ["http://vendor.invalid/v1", "all_proxy", ""],
  ["https://vendor.invalid/v1", "ALL_PROXY", "http://"],
  ["http://vendor.invalid/v1", "ALL_PROXY", "socks5h://"],
])("what %s is asked through is named by %s too, as %s…", async (url, variable, scheme) => {
  vi.stubEnv(variable, `${scheme}${DEAD}`);
  expect(await failureOf(url)).toEqual(["network", "proxy", "ECONNREFUSED"]);
});

test("a proxy for the scheme goes before the one for all, which goes before the one for the other scheme", async () => {
  const refusing = (code: number) => proxy((socket) => socket.end(`HTTP/1.1 ${code} No\r\ncontent-length: 0\r\n\r\n`));
  vi.stubEnv("HTTP_PROXY", `http://${(await refusing(501)).address}`);
  vi.stubEnv("ALL_PROXY", `http://${(await refusing(502)).address}`);
  expect(await failureOf()).toEqual(["network", "proxy", "502"]);
  expect(await failureOf("http://vendor.invalid/v1")).toEqual(["network", "proxy", "501"]);
  vi.stubEnv("HTTPS_PROXY", `http://${(await refusing(503)).address}`);
  expect(await failureOf()).toEqual(["network", "proxy", "503"]);
});

test("a SOCKS5 proxy that takes the connection and says nothing is left after 5 s, and its connection is closed", async () => {
  const connection: Partial<Record<"asked" | "closed", () => void>> = {};
  const asked = new Promise<void>((done) => (connection.asked = done));
  const closed = new Promise<void>((done) => (connection.closed = done));
  const silent = await rawServer((socket) => {
    socket.on("close", () => connection.closed?.()).once("data", () => connection.asked?.());
  });
  vi.stubEnv("HTTPS_PROXY", `socks5://${silent}`);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const failure = failureOf();
    await asked;
    vi.advanceTimersByTime(5_000);
    expect(await failure).toEqual(["network", "proxy", undefined]);
    await closed;
  } finally {
    vi.useRealTimers();
  }
});

test.each(["socks5", "socks5h", "socks"])("a dead %s proxy is told as the proxy", async (scheme) => {
  vi.stubEnv("HTTPS_PROXY", `${scheme}://${DEAD}`);
  expect(await failureOf()).toEqual(["network", "proxy", "ECONNREFUSED"]);
});

test("through a SOCKS5 proxy a vendor is asked by name, and nobody is warned of that", async () => {
  const warned = vi.spyOn(process, "emitWarning");
  const vendor = createServer((_, answer) => answer.end("here"));
  servers.push(vendor);
  await new Promise<void>((ready) => vendor.listen(0, "127.0.0.1", ready));
  const asked: string[] = [];
  vi.stubEnv("HTTP_PROXY", `socks5://${await socksProxy(asked, 0, (vendor.address() as AddressInfo).port)}`);
  const { status } = await ask("http://vendor.invalid/v1");
  expect([status, asked, warned.mock.calls]).toEqual([200, ["vendor.invalid:80"], []]);
});

test("a SOCKS5 proxy that refuses the tunnel is told with its number", async () => {
  const asked: string[] = [];
  vi.stubEnv("HTTPS_PROXY", `socks5://${await socksProxy(asked, 2)}`);
  expect([await failureOf("https://vendor.invalid:8443/v1"), asked]).toEqual([["network", "proxy", "UND_ERR_SOCKS5_REPLY_2"], ["vendor.invalid:8443"]]);
});

const LATE = deadlinePassed("connect");
const VENDOR = "https://vendor.invalid/v1";

test.each([
  ["time that passes", "http", LATE, ["network", "proxy", undefined]],
  ["time that passes", "socks5", LATE, ["network", "proxy", undefined]],
  ["a call that is taken back", "http", undefined, ["cancelled", undefined, undefined]],
])("%s while a proxy of %s takes the connection and says nothing", async (_, scheme, why, told) => {
  const stop = new AbortController();
  vi.stubEnv("HTTPS_PROXY", `${scheme}://${await rawServer(() => stop.abort(why))}`);
  expect(await failureOf(VENDOR, stop.signal)).toEqual(told);
});

test.each(["http", "socks5"])("time that passes while a vendor says nothing behind a proxy of %s is the vendor's", async (scheme) => {
  const stop = new AbortController();
  const silence = (socket: Socket) => socket.once("data", () => stop.abort(LATE));
  const silent = await rawServer(silence);
  const { address } = await proxy((socket) => silence(socket).write("HTTP/1.1 200 Here you are\r\n\r\n"));
  vi.stubEnv("HTTPS_PROXY", scheme === "http" ? `http://${address}` : `socks5://${await socksProxy([], 0, Number(silent.split(":")[1]))}`);
  expect(await failureOf(VENDOR, stop.signal)).toEqual(["timeout", "connect", undefined]);
});

test("a proxy whose name leads nowhere is told as the proxy", async () => {
  // Longer than a name may be, so that no server of names is asked.
  vi.stubEnv("HTTPS_PROXY", `http://${"p".repeat(64)}.invalid:3128`);
  const [reason, detail] = await failureOf();
  expect([reason, detail]).toEqual(["network", "proxy"]);
});

test.each([407, 502])("a proxy that refuses the tunnel with %i is told with its number", async (status) => {
  const { address, asked } = await proxy((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  expect([await failureOf(), asked]).toEqual([["network", "proxy", String(status)], ["vendor.invalid:443"]]);
});

test("this machine is asked directly, whatever the proxy", async () => {
  const { address, asked } = await proxy((socket) => socket.destroy());
  const near = createServer((_, answer) => answer.end("here"));
  servers.push(near);
  await new Promise<void>((ready) => near.listen(0, "127.0.0.1", ready));
  vi.stubEnv("HTTP_PROXY", `http://${address}`);
  const { status } = await ask(`http://127.0.0.1:${(near.address() as AddressInfo).port}/v1`);
  expect([status, asked]).toEqual([200, []]);
});

test("a proxy that hangs up is told at once, and not asked again and again until the time is over", async () => {
  const { address, asked } = await proxy((socket) => socket.destroy());
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  const [reason, detail] = await failureOf();
  expect([reason, detail, asked.length]).toEqual(["network", "proxy", 1]);
});

test("a vendor that hangs up behind a proxy that works is told as the vendor", async () => {
  const { address } = await proxy((socket) => socket.end("HTTP/1.1 200 Here you are\r\n\r\n", () => socket.destroy()));
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  const [reason, detail] = await failureOf();
  expect([reason, detail]).toEqual(["network", "reset"]);
});

test("a proxy that is written without a scheme is asked over http", async () => {
  const { address, asked } = await proxy((socket) => socket.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"));
  vi.stubEnv("HTTPS_PROXY", address);
  expect([await failureOf(), asked.length]).toEqual([["network", "proxy", "407"], 1]);
});

test("what is no address of a proxy fails each call that would go through it, and no call to this machine", async () => {
  vi.stubEnv("HTTPS_PROXY", "gopher://proxy.invalid");
  expect(await failureOf()).toEqual(["network", "proxy", "ERR_INVALID_URL"]);
  expect(await failureOf(`http://${DEAD}`)).toEqual(["network", "refused", "ECONNREFUSED"]);
});

test("a proxy that wants a password says nothing about the account: nothing of it rests", async () => {
  const { address } = await proxy((socket) => socket.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"));
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  const failure = await ask().then(() => undefined, failureOfThrown);
  expect(failure === undefined ? failure : afterFailure(failure).rest.scope).toBe("endpoint");
});
