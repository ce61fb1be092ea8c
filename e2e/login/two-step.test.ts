import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { finishLogin } from "../../src/credentials/login/finish-login.ts";
import { forgetPending, pendingLogin } from "../../src/credentials/login/pending-file.ts";
import { startLogin } from "../../src/credentials/login/start-login.ts";
import type { LoginMethod } from "../../src/provider/login-method.ts";
import { type IndependentProvider, startIndependentProvider } from "../../test/support/independent-provider.mjs";
import { host, issuerMethod, machineWith, provider, returnOf } from "./stage.ts";

let idp: IndependentProvider;
let stateDir = "";
beforeAll(async () => {
  idp = await startIndependentProvider();
});
afterAll(() => idp.close());
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "signalbox-logins-"));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const SCOPES = ["openid", "offline_access", "email"];
const machine = machineWith(undefined);
const signal = new AbortController().signal;
const folder = (): string => join(stateDir, "signalbox", "logins");
const begin = (method: LoginMethod) => startLogin({ host, machine, stateDir, provider, method, client: { clientId: idp.clientId }, signal });

/** As another process would: with what is on the disk alone. */
function finish(handle: string, pasted?: string) {
  const pending = pendingLogin({ host, machine, stateDir }, handle);
  const client = { clientId: pending.clientId ?? "" };
  return finishLogin({ host, machine, stateDir, client, onEvent: () => undefined, signal }, pending, pasted);
}

/** Whoever has stored the result forgets the handle: until then it is kept. */
function leftAfter(handle: string): string[] {
  expect(readdirSync(folder())).toEqual([`${handle}.json`]);
  forgetPending({ host, machine, stateDir }, handle);
  return readdirSync(folder());
}

function isListening(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(true);
    }).once("error", () => resolve(false));
  });
}

describe("a login in two steps", () => {
  test("by browser: nothing is left running, and what is kept is for the owner alone", async () => {
    const { handle, url, needs } = await begin(issuerMethod("authorization-code", idp.url, { scopes: SCOPES }));
    expect(needs).toBe("paste");
    expect(await isListening(returnOf(url).redirect)).toBe(false);
    expect([statSync(folder()).mode & 0o777, statSync(join(folder(), `${handle}.json`)).mode & 0o777]).toEqual([0o700, 0o600]);
    const ended = await idp.agree(url, "ada");
    const before = idp.counts.granted;
    await expect(finish(handle, ended.replace(/state=[^&]*/, "state=another"))).rejects.toMatchObject({ code: "LOGIN_STATE_MISMATCH" });
    await expect(finish(handle, ended.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fother.example"))).rejects.toMatchObject({ code: "LOGIN_STATE_MISMATCH" });
    expect(idp.counts.granted).toBe(before);
    expect(await finish(handle, ended)).toMatchObject({ credential: { kind: "oauth" }, email: "ada@example.com" });
    expect(leftAfter(handle)).toEqual([]);
  });

  test("by device code", async () => {
    const { handle, url, userCode } = await begin(issuerMethod("device-code", idp.url, { scopes: SCOPES }));
    expect(await idp.agree(url, "lin", userCode)).toContain("Sign-in Success");
    expect(await finish(handle)).toMatchObject({ credential: { kind: "oauth" }, email: "lin@example.com" });
    expect(leftAfter(handle)).toEqual([]);
  });
});
