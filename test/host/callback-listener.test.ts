import { get } from "node:http";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { listenOnce } from "../../src/host/callback-listener.ts";

/** The status that came back, or the system's code. */
function visit(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    }).once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Where a machine has no such address. */
const NO_IPV6 = ["EADDRNOTAVAIL", "EAFNOSUPPORT", "ENETUNREACH"];

describe("a listener for one redirect", () => {
  test("listens at the address literal alone, at a port that is free, until somebody came", async () => {
    const listener = await listenOnce({ host: "127.0.0.1", path: "/callback", state: "s" });
    expect(listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const { port } = new URL(listener.redirectUri);
    expect(["ECONNREFUSED", ...NO_IPV6]).toContain(await visit(`http://[::1]:${port}/callback?code=abc&state=s`));
    expect(await visit(`${listener.redirectUri}?code=abc&state=s`)).toBe(200);
    expect(await listener.hit).toEqual(new Map(Object.entries({ code: "abc", state: "s" })));
    expect(await visit(`${listener.redirectUri}?code=abc&state=s`)).toBe("ECONNREFUSED");
    await listener.close();
  });

  test("of `localhost` listens at both of its addresses, under that name alone", async () => {
    const listener = await listenOnce({ host: "localhost", path: "/callback", state: "s" });
    const { port } = new URL(listener.redirectUri);
    expect(await visit(`http://127.0.0.1:${port}/callback?code=abc&state=s`)).toBe(421);
    expect([421, ...NO_IPV6]).toContain(await visit(`http://[::1]:${port}/callback?code=abc&state=s`));
    expect(await visit(`${listener.redirectUri}?code=abc&state=s`)).toBe(200);
    await listener.close();
    expect(await visit(`http://127.0.0.1:${port}/`)).toBe("ECONNREFUSED");
  });

  test("says that its port is taken, and by what to go on", async () => {
    const other = createServer();
    await new Promise<void>((ready) => other.listen(0, "127.0.0.1", ready));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    for (const host of ["127.0.0.1", "localhost"] as const) {
      await expect(listenOnce({ host, port, path: "/callback" })).rejects.toMatchObject({
        code: "LOGIN_LISTEN_FAILED",
        message: `the browser could not come back to ${host}:${port}: another program listens there`,
      });
    }
    await new Promise((done) => other.close(done));
  });

  test("leaves nothing behind when the second address of `localhost` is taken", async () => {
    const other = createServer();
    const isBound = await new Promise<boolean>((done) => {
      other.once("error", () => done(false));
      other.listen(0, "::1", () => done(true));
    });
    if (!isBound) return;
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(listenOnce({ host: "localhost", port, path: "/callback" })).rejects.toMatchObject({ code: "LOGIN_LISTEN_FAILED" });
    expect(await visit(`http://127.0.0.1:${port}/`)).toBe("ECONNREFUSED");
    await new Promise((done) => other.close(done));
  });

  test("can be closed twice, and before anybody came", async () => {
    const listener = await listenOnce({ host: "127.0.0.1", path: "/callback" });
    await Promise.all([listener.close(), listener.close()]);
    expect(await visit(listener.redirectUri)).toBe("ECONNREFUSED");
  });
});
