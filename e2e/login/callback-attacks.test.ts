import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LoginResult } from "../../src/credentials/login/contract.ts";
import { logIn } from "../../src/credentials/login/log-in.ts";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { answerOf, browse, issuerMethod, loginWith, methodFor, pageShown, type Recorded, returnOf } from "./stage.ts";

let idp: IdentityProvider;
beforeEach(async () => {
  idp = await startIdentityProvider();
});
afterEach(() => idp.close());

/** Bytes to the port, and the status that came back; 0 for a connection that was closed without one, undefined for none at all. */
function send(port: number, bytes: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host: "127.0.0.1", port }, () => socket.end(bytes));
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    // What came before a reset counts.
    socket.on("error", ({ code }: NodeJS.ErrnoException) => code === "ECONNREFUSED" && resolve(undefined));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0)));
  });
}

interface Waiting {
  readonly input: Recorded;
  readonly done: Promise<LoginResult>;
  readonly page: string;
  readonly port: number;
  readonly path: string;
  readonly state: string;
  /** The host as the browser names it. */
  readonly authority: string;
}

async function waitingLogin(): Promise<Waiting> {
  const shown = pageShown();
  const input = loginWith(issuerMethod("authorization-code", idp.url), shown);
  const done = logIn(input);
  done.catch(() => undefined);
  const page = await shown.url;
  const { redirect, state } = returnOf(page);
  return { input, done, page, port: Number(redirect.port), path: redirect.pathname, state, authority: redirect.host };
}

/** Nobody listens there any more, and not only once the login would have ended by itself. */
const expectGone = (port: number): Promise<void> => expect.poll(() => send(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), { interval: 5 }).toBeUndefined();

const get = (target: string, host: string, more = "", version = "1.1"): string =>
  `GET ${target} HTTP/${version}\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`;

/** What somebody sends who knows the port, and in most cases more than can be known. */
const ATTACKS: Readonly<Record<string, (login: Waiting) => string>> = {
  "another state": ({ path, authority }) => get(`${path}?code=stolen&state=another`, authority),
  "no state": ({ path, authority }) => get(`${path}?code=stolen`, authority),
  "an empty state": ({ path, authority }) => get(`${path}?code=stolen&state=`, authority),
  "a state with more at its end": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}x`, authority),
  "the state twice": ({ path, authority, state }) => get(`${path}?code=stolen&state=x&state=${state}`, authority),
  "the code twice": ({ path, authority, state }) => get(`${path}?code=stolen&code=other&state=${state}`, authority),
  "neither code nor error": ({ path, authority, state }) => get(`${path}?state=${state}`, authority),
  "another path": ({ authority, state }) => get(`/other?code=stolen&state=${state}`, authority),
  "the path with a slash more": ({ path, authority, state }) => get(`${path}/?code=stolen&state=${state}`, authority),
  "the path written otherwise": ({ authority, state }) => get(`/x/../callback?code=stolen&state=${state}`, authority),
  "the path encoded": ({ authority, state }) => get(`/%63allback?code=stolen&state=${state}`, authority),
  "two slashes": ({ path, authority, state }) => get(`/${path}?code=stolen&state=${state}`, authority),
  "another host": ({ path, state }) => get(`${path}?code=stolen&state=${state}`, "attacker.example"),
  "a name for this machine": ({ path, port, state }) => get(`${path}?code=stolen&state=${state}`, `localhost:${port}`),
  "a host without the port": ({ path, state }) => get(`${path}?code=stolen&state=${state}`, "127.0.0.1"),
  "two hosts": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, `Host: ${authority}\r\n`),
  "no host": ({ path, state }) => `GET ${path}?code=stolen&state=${state} HTTP/1.1\r\n\r\n`,
  "HTTP/1.0": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, "", "1.0"),
  "HTTP/0.9": ({ path, state }) => `GET ${path}?code=stolen&state=${state}\r\n`,
  "a whole address": ({ path, authority, state }) => get(`http://${authority}${path}?code=stolen&state=${state}`, authority),
  HEAD: ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority).replace("GET", "HEAD"),
  POST: ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, "Content-Length: 0\r\n").replace("GET", "POST"),
  OPTIONS: ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, "Origin: https://a.example\r\n").replace("GET", "OPTIONS"),
  CONNECT: ({ authority }) => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`,
  "a script of a page": ({ path, authority, state }) =>
    get(`${path}?code=stolen&state=${state}`, authority, "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n"),
  "a frame of a page": ({ path, authority, state }) =>
    get(`${path}?code=stolen&state=${state}`, authority, "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"),
  "a request of a page": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, "Origin: https://attacker.example\r\n"),
  "a web socket": ({ path, authority, state }) =>
    get(`${path}?code=stolen&state=${state}`, authority, "Upgrade: websocket\r\nOrigin: null\r\nSec-WebSocket-Version: 13\r\n"),
  "a body": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, "Content-Length: 3\r\n") + "abc",
  "a giant header": ({ path, authority, state }) => get(`${path}?code=stolen&state=${state}`, authority, `X: ${"a".repeat(40_000)}\r\n`),
  "no HTTP": () => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
};

describe("a request that nobody's browser was sent with", () => {
  test.each(Object.entries(ATTACKS))("%s: no token call, the login still works, and then nobody listens", async (_, attack) => {
    const login = await waitingLogin();
    const status = await send(login.port, attack(login));
    expect(status).not.toBe(200);
    expect(idp.counts.token).toBe(0);
    expect(await browse(login.page)).toBe(200);
    await login.done;
    expect(idp.counts.token).toBe(1);
    await expectGone(login.port);
  });

  test("all of them at once, and the login given up: no token call, nobody listens afterwards", async () => {
    const login = await waitingLogin();
    await Promise.all(Object.values(ATTACKS).map((attack) => send(login.port, attack(login))));
    login.input.stop.abort(new Error("given up"));
    await expect(login.done).rejects.toThrow("given up");
    await expectGone(login.port);
    expect(idp.counts.token).toBe(0);
  });

  test("the path without a state, guessed", async () => {
    const shown = pageShown();
    const input = loginWith(methodFor({ kind: "openrouter-pkce", authorizeUrl: `${idp.url}/auth`, keysUrl: `${idp.url}/auth/keys` }), shown);
    const done = logIn(input);
    done.catch(() => undefined);
    const { redirect } = returnOf(await shown.url);
    for (const path of ["/", "/callback", "/callback/", `/callback/${"A".repeat(43)}`]) {
      expect(await send(Number(redirect.port), get(`${path}?code=stolen`, redirect.host))).toBe(404);
    }
    input.stop.abort(new Error("given up"));
    await expect(done).rejects.toThrow("given up");
    expect(idp.counts.keys).toBe(0);
  });
});

describe("a second hit", () => {
  test("is refused before it is read, also while the first one is being answered", async () => {
    const login = await waitingLogin();
    const answer = new URL(await answerOf(login.page));
    const target = answer.pathname + answer.search;
    const held = connect({ host: "127.0.0.1", port: login.port });
    held.on("error", () => undefined);
    await new Promise((done) => held.once("connect", done));
    const hits = await Promise.all([send(login.port, get(target, login.authority)), send(login.port, get(target, login.authority))]);
    await login.done;
    expect(hits.filter((status) => status === 200)).toHaveLength(1);
    held.destroy();
    expect(await send(login.port, get(target, login.authority))).toBeUndefined();
    expect(idp.counts.token).toBe(1);
  });

  test("a connection that is held open does not keep the listener", async () => {
    const login = await waitingLogin();
    const held = connect({ host: "127.0.0.1", port: login.port });
    held.on("error", () => undefined);
    const isClosed = new Promise((done) => held.once("close", done));
    held.write("GET /callb");
    await browse(login.page);
    await login.done;
    await expectGone(login.port);
    await isClosed;
  });
});

test("what the browser shows is fixed, is not kept, and holds nothing of the request", async () => {
  const login = await waitingLogin();
  const answer = new URL(await answerOf(login.page));
  const response = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect({ host: "127.0.0.1", port: login.port }, () =>
      socket.end(get(`${answer.pathname}${answer.search}&x=%3Cscript%3E`, login.authority)),
    );
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
  await login.done;
  expect(response).toMatch(/^HTTP\/1\.1 200 /);
  expect(response.toLowerCase()).toContain("cache-control: no-store");
  expect(response.toLowerCase()).not.toContain("access-control");
  expect(response.toLowerCase()).toContain("content-security-policy: default-src 'none'");
  for (const piece of ["script", answer.searchParams.get("code") ?? "", login.state]) expect(response).not.toContain(piece);
});
