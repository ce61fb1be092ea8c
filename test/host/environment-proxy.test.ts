import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSender } from "../../src/host/send-request.ts";
import { failureOfThrown } from "../../src/protocols/thrown.ts";
import { afterFailure } from "../../src/routing/failure-policy.ts";

const servers: Server[] = [];
beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"]) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
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
    act(socket as Socket);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A port at which nobody listens any more. */
async function deadAddress(): Promise<string> {
  const { address } = await proxy(() => undefined);
  await new Promise((done) => servers.pop()?.close(done));
  return address;
}

const ask = (url = "https://vendor.invalid/v1") => createSender()({ method: "GET", url, headers: {} }, new AbortController().signal, DEADLINES);
const DEADLINES = { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 };
const failureOf = async (url?: string) => {
  const { reason, detail, code } = await ask(url).then(() => ({ reason: "answered", detail: undefined, code: undefined }), failureOfThrown);
  return [reason, detail, code];
};

test.each([
  ["https://vendor.invalid/v1", "HTTPS_PROXY"],
  ["https://vendor.invalid/v1", "HTTP_PROXY"],
  ["http://vendor.invalid/v1", "http_proxy"],
])("a dead proxy on the way to %s, named by %s, is told as the proxy", async (url, variable) => {
  vi.stubEnv(variable, `http://${await deadAddress()}`);
  expect(await failureOf(url)).toEqual(["network", "proxy", "ECONNREFUSED"]);
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
  expect(await failureOf(`http://${await deadAddress()}`)).toEqual(["network", "refused", "ECONNREFUSED"]);
});

test("a proxy that wants a password says nothing about the account: nothing of it rests", async () => {
  const { address } = await proxy((socket) => socket.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"));
  vi.stubEnv("HTTPS_PROXY", `http://${address}`);
  const failure = await ask().then(() => undefined, failureOfThrown);
  expect(failure === undefined ? failure : afterFailure(failure).rest.key).toBe("endpoint");
});
