import { readFileSync, statSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask as askUrl, raw, type Rig, startRig, until } from "./rig.ts";

/** The rows of the hardening checklist, by their number there. */

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({
    behaviours: ["silent", "good", "redirect"],
    gateway: { limits: { concurrency: 8, queue: 16 }, timeouts: { firstByteMs: 3000, firstTokenMs: 3000, idleMs: 3000 } },
  });
});
afterAll(() => rig.stop());

const BODY = { model: "good-chat/m", messages: [{ role: "user", content: "hi" }] };
const CHAT = "/v1/chat/completions";
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);

test("1: it listens at the two loopback addresses alone", async () => {
  const listening = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      return state === "0A" && Number.parseInt(local.split(":")[1] ?? "", 16) === rig.port ? [local.split(":")[0]] : [];
    });
  expect(listening).toEqual(["0100007F"]);
  const outside = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ family, internal }) => family === "IPv4" && !internal));
  for (const { address } of outside) expect(await refused(address)).toBe("ECONNREFUSED");
});

function refused(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    connect(rig.port, host)
      .once("error", (error: NodeJS.ErrnoException) => resolve(error.code))
      .once("connect", () => resolve(undefined));
  });
}

test("1: beyond this machine it listens only with a key, and says so", async () => {
  await rig.run("gateway", "keys", "revoke", "tests");
  const refusedStart = await rig.run("gateway", "serve", "--port", "0", "--listen", "0.0.0.0");
  expect([refusedStart.code, refusedStart.stderr]).toEqual([69, expect.stringContaining("GATEWAY_LISTEN_FAILED")]);
  const made = await rig.run("gateway", "keys", "create", "tests", "--json");
  (rig as { key: string }).key = JSON.parse(made.stdout).key;
  Object.assign(rig, {
    ask: (path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
      askUrl(`${rig.url}${path}`, body, { authorization: `Bearer ${rig.key}`, ...headers }),
  });
});

test("2: without a key every path is 401, whatever the method", async () => {
  const paths = [
    "/",
    "/v1/models",
    "/v1/models/x",
    CHAT,
    "/v1/messages",
    "/healthz",
    "/health",
    "/v1/status",
    "/metrics",
    "/admin",
    "/v1/keys",
    "/.env",
    "/favicon.ico",
    "/v1/../healthz",
    "/%2e%2e/",
    "/v1/messages/count_tokens",
    "/v1/responses",
    "/v1/embeddings",
    "/index.html",
    "/v1/chat/completions?key=x",
  ];
  for (const path of paths)
    for (const method of ["GET", "POST", "OPTIONS", "DELETE"])
      expect([path, method, statusOf(await raw(rig.port, `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nConnection: close\r\n\r\n`))]).toEqual([
        path,
        method,
        401,
      ]);
});

describe("3: a key travels in one header, and all headers are one matter", () => {
  const wrong = "sbx-wrong";
  test.each([
    ["authorization", (key: string) => ({ authorization: `Bearer ${key}` }), 200],
    ["authorization in another case", (key: string) => ({ Authorization: `bearer ${key}` }), 200],
    ["x-api-key", (key: string) => ({ "x-api-key": key }), 200],
    ["api-key", (key: string) => ({ "api-key": key }), 200],
    ["x-goog-api-key", (key: string) => ({ "x-goog-api-key": key }), 200],
    ["two that are the same", (key: string) => ({ authorization: `Bearer ${key}`, "x-api-key": key }), 200],
    ["a wrong one beside the right one", (key: string) => ({ authorization: `Bearer ${key}`, "x-api-key": wrong }), 401],
    ["the right one behind a wrong one", (key: string) => ({ authorization: `Bearer ${wrong}`, "x-api-key": key }), 401],
    ["another scheme", (key: string) => ({ authorization: `Basic ${key}` }), 401],
    ["an empty second one", (key: string) => ({ authorization: `Bearer ${key}`, "x-api-key": "" }), 401],
    ["none", () => ({}), 401],
  ])("%s", async (_, headers, status) => {
    expect((await askUrl(`${rig.url}/healthz`, undefined, headers(rig.key))).status).toBe(status);
  });

  test("never in the address", async () => {
    expect((await askUrl(`${rig.url}/healthz?key=${rig.key}&api_key=${rig.key}`, undefined, {})).status).toBe(401);
  });
});

describe("5, 6: the Host header decides nothing but whether it is ours", () => {
  const lines = (first: string, ...headers: string[]): string =>
    `${[first, ...headers, `Authorization: Bearer ${rig.key}`, "Connection: close"].join("\r\n")}\r\n\r\n`;
  const own = (): string => `Host: 127.0.0.1:${rig.port}`;

  test.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])("%s is ours", async (name) => {
    expect(statusOf(await rig.raw(lines("GET /healthz HTTP/1.1", `Host: ${name}:${rig.port}`)))).toBe(200);
  });

  test.each([
    "evil.example",
    "evil.example:4100",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost.evil.example",
    "x/healthz?",
    "127.0.0.1:80@evil",
    "0.0.0.0",
    "a.local",
    "169.254.169.254",
    "[::ffff:127.0.0.1]",
    "127.1",
    "",
    "127.0.0.1 ",
    "127.0.0.1:",
    "localhost,evil",
  ])("%j is not", async (name) => {
    const answer = await rig.raw(lines("GET /v1/models HTTP/1.1", `Host: ${name}`));
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(statusOf(answer)).not.toBe(401);
    expect(answer).not.toContain('"object":"list"');
  });

  test.each([
    ["two hosts", () => lines("GET /healthz HTTP/1.1", own(), own())],
    ["no host", () => lines("GET /healthz HTTP/1.1")],
    ["HTTP/1.0", () => lines("GET /healthz HTTP/1.0", own())],
    ["HTTP/1.0 without a host", () => lines("GET /healthz HTTP/1.0")],
    ["an absolute address", () => lines(`GET http://127.0.0.1:${rig.port}/healthz HTTP/1.1`, own())],
    ["two slashes", () => lines("GET //evil.example/healthz HTTP/1.1", own())],
    ["an asterisk", () => lines("OPTIONS * HTTP/1.1", own())],
    ["a tunnel", () => lines("CONNECT evil.example:443 HTTP/1.1", own())],
    ["no HTTP", () => "hello\r\n\r\n"],
    [
      "a length and chunks",
      () => `POST ${CHAT} HTTP/1.1\r\n${own()}\r\nAuthorization: Bearer ${rig.key}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ["two lengths", () => `POST ${CHAT} HTTP/1.1\r\n${own()}\r\nAuthorization: Bearer ${rig.key}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
    ["a bent header", () => lines("GET /healthz HTTP/1.1", own(), "X\u0000Y: 1")],
  ])("%s is refused", async (_, text) => {
    expect(statusOf(await rig.raw(text())) || 400).toBeGreaterThanOrEqual(400);
  });
});

describe("7: a web page gets nothing", () => {
  test.each([
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:3000" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example", "access-control-request-method": "POST" },
  ])("%j", async (headers) => {
    const answer = await rig.ask(CHAT, BODY, headers);
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("a program that says it came from nowhere is no page", async () => {
    expect((await rig.ask(CHAT, BODY, { "sec-fetch-site": "none" })).status).toBe(200);
  });
});

test.each([
  ["text/plain", {}],
  ["application/x-www-form-urlencoded", {}],
  ["", {}],
  ["application/json", { "content-encoding": "gzip" }],
])("8: a body of type %j %j is 415", async (type, more) => {
  expect((await rig.ask(CHAT, JSON.stringify(BODY), { "content-type": type, ...more })).status).toBe(415);
});

describe("9: a body is bounded in every direction", () => {
  const deep = (open: string, close: string, depth: number): string => `{"model":"good-chat/m","messages":${open.repeat(depth)}${close.repeat(depth)}}`;
  test.each([
    ["no JSON", "{", 400],
    ["no object", "[]", 400],
    ["nested in lists", deep("[", "]", 100_000), 400],
    ["nested in objects", deep('{"a":', "", 0).replace('"messages":', `"messages":${'{"a":'.repeat(80)}1${"}".repeat(80)}`), 400],
    ["__proto__", '{"model":"m","__proto__":{"a":1}}', 400],
    ["__proto__, written otherwise", '{"model":"m","x":{"\\u005f_proto__":1}}', 400],
    ["two models", '{"model":"good-chat/m","model":"bad-chat/m"}', 400],
    ["a model that is no name", '{"model":7}', 400],
  ])("%s", async (_, body, status) => {
    expect((await rig.ask(CHAT, body)).status).toBe(status);
  });

  test("more than 32 MB is 413, by its word and by its bytes", async () => {
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nAuthorization: Bearer ${rig.key}\r\nContent-Type: application/json\r\n`;
    expect(statusOf(await rig.raw(`${head}Content-Length: ${33 * 2 ** 20}\r\n\r\n`))).toBe(413);
    const asked = rig.vendors.get("good")?.asked.length;
    const big = await rig.ask(CHAT, "x".repeat(33 * 2 ** 20), { "transfer-encoding": "chunked" }).catch((error: NodeJS.ErrnoException) => error.code);
    expect(typeof big === "object" ? big.status : big).toSatisfy((found: unknown) => found === 413 || found === "EPIPE" || found === "ECONNRESET");
    expect(rig.vendors.get("good")?.asked.length).toBe(asked);
  });
});

test("10: who is refused while sending hears why", async () => {
  const body = "y".repeat(20_000_000);
  const said: unknown[] = [];
  for (let i = 0; i < 20; i++) {
    const refused = rig.ask("/v1/chat/completions", body, { authorization: "Bearer nobody" });
    said.push(
      await refused.then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code,
      ),
    );
  }
  expect(said).toEqual(Array(20).fill(401));
});

test("10: too many or too long headers are 431", async () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-h-${i}`, "1"]));
  expect((await rig.ask("/healthz", undefined, many)).status).toBe(431);
  expect((await rig.ask("/healthz", undefined, { "x-long": "y".repeat(17_000) })).status).toBe(431);
});

test("10: a connection waits 5 s between two requests, and is used for a thousand; then it is closed", async () => {
  const answer = await rig.raw(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nAuthorization: Bearer ${rig.key}\r\n\r\n`);
  expect(answer.toLowerCase()).toContain("\r\nkeep-alive: timeout=5, max=1000\r\n");
});

test("10: 500 connections that dawdle are all closed, and real requests are answered meanwhile", async () => {
  const sockets: Socket[] = [];
  let open = 0;
  for (let i = 0; i < 500; i++) {
    const socket = connect(rig.port, "127.0.0.1", () => socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nX-A`));
    open++;
    socket.on("error", () => undefined).on("close", () => open--);
    sockets.push(socket);
  }
  await until(() => open <= 256, 20_000);
  // The others had to make room: 256 may be open.
  expect([open > 200, open <= 256]).toEqual([true, true]);
  const served: number[] = [];
  let amongThem = 0;
  const areClosed = await until(async () => {
    for (const socket of sockets) if (socket.writable) socket.write("a");
    served.push((await rig.ask(CHAT, BODY)).status);
    // Nobody waits for those who dawdle: they are still there when the answer is.
    if (open > 200) amongThem++;
    await wait(200);
    return open === 0;
  }, 60_000);
  expect([areClosed, open]).toEqual([true, 0]);
  expect(amongThem).toBeGreaterThan(10);
  expect(new Set(served)).toEqual(new Set([200]));
});

test("11: more than may be answered wait, and what is too much is 429 at once", async () => {
  const before = rig.vendors.get("silent")?.asked.length ?? 0;
  const strict = { "x-signalbox-strict": "1" };
  const asking = Array.from({ length: 60 }, () => rig.ask(CHAT, { ...BODY, model: "silent-chat/m" }, strict));
  await until(() => (rig.vendors.get("silent")?.asked.length ?? 0) - before >= 8);
  await wait(500);
  expect((rig.vendors.get("silent")?.asked.length ?? 0) - before).toBe(8);
  const answers = await Promise.all(asking);
  const refusedOnes = answers.filter(({ status }) => status === 429);
  expect(refusedOnes.length).toBeGreaterThanOrEqual(60 - 8 - 16);
  expect(refusedOnes.every(({ headers }) => Number(headers["retry-after"]) >= 1)).toBe(true);
});

test("10: an answer that is nested thousands of levels deep is a failure of its vendor, and ends nothing else", async () => {
  const own = await startRig({ behaviours: ["nested"], gateway: { translation: "name" } });
  try {
    for (const path of [CHAT, "/v1/messages"])
      for (const stream of [false, true]) {
        const { status, text } = await own.ask(path, { ...BODY, model: "nested-chat/m", max_tokens: 9, stream }, { "x-signalbox-strict": "1" });
        expect([path, stream, text.includes('"a":{"a"'), stream ? 502 : status]).toEqual([path, stream, false, 502]);
      }
    expect([own.vendors.get("nested")?.count("nested"), own.program.exitCode]).toEqual([4, null]);
  } finally {
    await own.stop();
  }
});

test("12, 13: who asks cannot say where a request goes, and a redirect is not followed", async () => {
  for (const field of ["api_base", "base_url", "api_key", "apiKey", "baseURL", "custom_llm_provider", "extra_headers"]) {
    const answer = await rig.ask(CHAT, { ...BODY, [field]: "http://127.0.0.1:1/" });
    expect([field, answer.status, answer.text.includes(field)]).toEqual([field, 400, true]);
  }
  const answer = await rig.ask(CHAT, { ...BODY, model: "redirect-chat/m" });
  expect(answer.headers["x-signalbox-served-by"]).toMatch(/^good-chat/);
});

test("14, 15: only what the other side has to know is handed on, both ways", async () => {
  const sent = {
    cookie: "a=b",
    forwarded: "for=1",
    "x-forwarded-for": "1.2.3.4",
    referer: "http://x",
    connection: "close, anthropic-beta",
    "anthropic-beta": "dropped-2025",
    te: "trailers",
    "x-custom": "1",
    "openai-beta": "kept=v1",
    "user-agent": "tests",
  };
  const answer = await rig.ask(CHAT, BODY, sent);
  const seen = rig.vendors.get("good")?.asked.at(-1)?.headers ?? {};
  expect(Object.keys(seen).toSorted()).toEqual([
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "openai-beta",
  ]);
  expect([seen["authorization"], seen["accept-encoding"], seen["openai-beta"]]).toEqual(["Bearer sk-canary-good-chat-0123456789abcdef", "identity", "kept=v1"]);
  const allowed = [
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "request-id",
    "x-content-type-options",
    "x-request-id",
    "x-signalbox-attempts",
    "x-signalbox-served-by",
    "x-signalbox-upstream-request-id",
  ];
  expect(Object.keys(answer.headers).filter((name) => !allowed.includes(name))).toEqual([]);
});

test("20, 21: neither log nor error shows a key, a prompt, a path or a stack", async () => {
  const answer = await rig.ask("/v1/chat/completions?secret=canary-query", {
    ...BODY,
    model: "nobody/m",
    messages: [{ role: "user", content: "canary-prompt" }],
  });
  expect([answer.status, answer.text.includes("canary"), /\/home|\/tmp|at .*\.js/.test(answer.text)]).toEqual([404, false, false]);
  await wait(200);
  expect(rig.log()).not.toMatch(/canary|sbx-|Bearer/);
  expect(statSync(join(rig.home, ".nemo/signalbox/gateway-keys.json")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(rig.home, ".nemo/signalbox/gateway-keys.json"), "utf8")).not.toContain(rig.key);
});

test("25: a WebSocket is refused", async () => {
  const answer = await rig.raw(
    `GET /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nAuthorization: Bearer ${rig.key}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  expect(statusOf(answer)).toBe(400);
});

test("26: a key counts from the moment it is made to the moment it is revoked", async () => {
  const made = JSON.parse((await rig.run("gateway", "keys", "create", "second", "--model", "good-chat/*", "--json")).stdout) as { key: string };
  const own = { authorization: `Bearer ${made.key}` };
  expect((await askUrl(`${rig.url}${CHAT}`, BODY, own)).status).toBe(200);
  expect((await askUrl(`${rig.url}${CHAT}`, { ...BODY, model: "silent-chat/m" }, own)).status).toBe(403);
  await rig.run("gateway", "keys", "revoke", "second");
  expect((await askUrl(`${rig.url}${CHAT}`, BODY, own)).status).toBe(401);
});
