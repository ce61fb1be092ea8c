import { describe, expect, test } from "vitest";
import { expiredLoginHint, expiryOf, healthOf, isRefreshable, isRenewedHere } from "../../src/credentials/health.ts";
import type { Credential } from "../../src/credentials/profile.ts";
import type { StoredLogin } from "../../src/credentials/stored-login.ts";
import { Secret } from "../../src/kernel/secret.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const secret = new Secret("sk-some-secret");
const blank = new Secret("  ");
const key = (value = secret): Credential => ({ kind: "api_key", key: value });
const token = (expiresAtMs?: number, value = secret): Credential => ({ kind: "token", token: value, ...(expiresAtMs !== undefined && { expiresAtMs }) });
const oauth = (expiresAtMs: number | undefined, refresh = secret, access = secret): Credential => ({ kind: "oauth", access, refresh, expiresAtMs });

/** As the store has it of a login that was made with this program. */
const LOGIN: StoredLogin = {
  method: "device",
  licence: "own-client",
  tokenUrl: "https://id.example/token",
  clientId: "my-app",
  scopes: [],
  generation: 1,
  obtainedAtMs: NOW - DAY,
};

describe("health is told from expiry alone", () => {
  test.each<[string, Credential, string]>([
    ["a key has no expiry", key(), "static"],
    ["a blank key is missing", key(blank), "missing"],
    ["a token without an expiry is static", token(), "static"],
    ["a token with an impossible expiry is static", token(Number.NaN), "static"],
    ["so is one whose expiry is 0", token(0), "static"],
    ["and one whose expiry is negative", token(-5), "static"],
    ["a blank token is missing, whatever its expiry", token(NOW + DAY * 9, blank), "missing"],
    ["a token that ends this very moment has expired", token(NOW), "expired"],
    ["a token that ended is expired", token(NOW - 1), "expired"],
    ["a token that ends within the window is expiring", token(NOW + 1), "expiring"],
    ["the end of the window belongs to it", token(NOW + DAY), "expiring"],
    ["a token that ends after the window is ok", token(NOW + DAY + 1), "ok"],
    ["a login that cannot renew itself goes by its expiry", oauth(NOW - 1, blank), "expired"],
    ["and is expiring within the window", oauth(NOW + HOUR, blank), "expiring"],
    ["and ok before it", oauth(NOW + DAY * 2, blank), "ok"],
    ["a login that another program renews is ok within the window", oauth(NOW + 1), "ok"],
    ["and expired at its end: nobody here renews it", oauth(NOW), "expired"],
    ["a login without an expiry is missing, even when it could renew itself", oauth(undefined), "missing"],
    ["a login with an impossible expiry too", oauth(-1), "missing"],
    ["a login with nothing in it is missing", oauth(NOW + DAY * 9, blank, blank), "missing"],
    ["one with a refresh token alone is ok until its end", oauth(NOW + 1, secret, blank), "ok"],
  ])("%s", (_, credential, health) => {
    expect(healthOf({ credential }, NOW, DAY)).toBe(health);
  });

  test("a login that was made with this program is ok after its expiry, unless only a new login helps", () => {
    const needsLogin = { sinceMs: NOW, why: "it was revoked" };
    expect([LOGIN, { ...LOGIN, needsLogin }].map((login) => healthOf({ credential: oauth(NOW - DAY * 9), login }, NOW, DAY))).toEqual(["ok", "expired"]);
  });

  test("the window is the caller's", () => {
    expect([HOUR, 3 * HOUR].map((window) => healthOf({ credential: token(NOW + 2 * HOUR) }, NOW, window))).toEqual(["ok", "expiring"]);
  });
});

test("an impossible expiry is none", () => {
  expect([token(NOW), token(0), token(Number.POSITIVE_INFINITY), key(), oauth(undefined)].map((credential) => expiryOf({ credential }))).toEqual([
    NOW,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("only a login with a refresh token can renew itself, and only one of ours is renewed here", () => {
  const credentials = [key(), token(NOW), oauth(NOW), oauth(NOW, blank)];
  expect(credentials.map((credential) => isRefreshable({ credential }))).toEqual([false, false, true, false]);
  expect(credentials.map((credential) => isRenewedHere({ credential }))).toEqual([false, false, false, false]);
  expect(credentials.map((credential) => isRenewedHere({ credential, login: LOGIN }))).toEqual([false, false, true, false]);
});

test("what to do about a login past its end hangs on who made it", () => {
  expect([LOGIN, null].map((login) => expiredLoginHint({ provider: "lab", login }))).toEqual([
    "Log in again.",
    "Only the program that made it renews it: use that once, or make a login of your own: `{cli} models auth login --provider lab`.",
  ]);
});
