import { describe, expect, test } from "vitest";
import type { VendorAnswer } from "../../../src/credentials/login/ask-vendor.ts";
import { expiryOf, readTokens } from "../../../src/credentials/login/token-answer.ts";
import { TOKEN_ANSWER } from "./stage.ts";

const read = (fields: Readonly<Record<string, unknown>>, status = 200) =>
  readTokens({ kind: "fields", status, fields: { ...TOKEN_ANSWER, ...fields }, sentAtMs: 1_000_000, retryAfterSeconds: undefined }, "https://issuer.example");

describe("tokens", () => {
  test("are secrets from the moment they are read", () => {
    const tokens = read({});
    expect(`${tokens.access} ${tokens.refresh} ${JSON.stringify(tokens)}`).not.toContain("secret-0001");
    expect([tokens.access.reveal(), tokens.refresh?.reveal()]).toEqual(["access-secret-0001", "refresh-secret-0001"]);
  });

  test.each([
    ["an hour: a minute before its end", 3600, 3_540_000],
    ["a minute: half of it", 60, 30_000],
    ["half a minute: half of it", 30, 15_000],
    ["not stated", undefined, undefined],
  ])("of a life that is %s, stop being used, counted from when they were asked for", (_, expiresIn, usedMs) =>
    expect(expiryOf(read({ expires_in: expiresIn }))).toBe(usedMs === undefined ? undefined : 1_000_000 + usedMs),
  );

  test.each([
    [3600, 3600],
    ["3600", 3600],
    [3599.9, 3599],
    [30, 30],
    [0, undefined],
    ["0", undefined],
    [undefined, undefined],
    [null, undefined],
  ])("a lifetime of %j", (expiresIn, seconds) => expect(read({ expires_in: expiresIn }).lifetimeSeconds).toBe(seconds));

  test.each([1e12, "soon", "3600.5", {}, true])("a lifetime of %j makes no sense", (expiresIn) =>
    expect(() => read({ expires_in: expiresIn })).toThrow(
      expect.objectContaining({ code: "LOGIN_ANSWER_INVALID", message: expect.stringContaining("makes no sense") }),
    ),
  );

  test.each([29, 1, -1, "-5"])("that have a lifetime of %j are over already: nothing is stored", (expiresIn) =>
    expect(() => read({ expires_in: expiresIn })).toThrow(
      expect.objectContaining({ code: "LOGIN_ANSWER_INVALID", message: expect.stringContaining("the token has expired already") }),
    ),
  );

  test.each(["invalid_grant", "slow", { code: 7 }])("beside an error %j are not taken", (error) =>
    expect(() => read({ error })).toThrow(expect.objectContaining({ code: "LOGIN_FAILED" })),
  );

  test.each([null, ""])("beside an error that is %j are taken: it names none", (error) => expect(read({ error }).access.reveal()).toBe("access-secret-0001"));

  test.each(["Bearer", "bearer", "BEARER", undefined, null])("of the kind %j are taken", (kind) => expect(() => read({ token_type: kind })).not.toThrow());

  test.each(["mac", "DPoP", "", 7])("of the kind %j are not", (kind) =>
    expect(() => read({ token_type: kind })).toThrow(expect.objectContaining({ code: "LOGIN_ANSWER_INVALID" })),
  );

  test.each([undefined, "", 7, {}, "two words", "a\nb", "a\u001b[2J", "é"])("an access token %j is none", (access) =>
    expect(() => read({ access_token: access })).toThrow(expect.objectContaining({ code: "LOGIN_ANSWER_INVALID" })),
  );

  test("scopes are split at blanks and commas; what cannot be one is left out", () => {
    expect(read({ scope: "openid email" }).scopes).toEqual(["openid", "email"]);
    expect(read({ scope: "read:user,gist" }).scopes).toEqual(["read:user", "gist"]);
    expect(read({ scope: "openid \u001b[2J" }).scopes).toEqual(["openid"]);
    expect(read({ scope: undefined }).scopes).toBeUndefined();
  });
});

test.each<[VendorAnswer, string, string]>([
  [{ kind: "none", why: "refused the connection", isUnsent: true }, "LOGIN_FAILED", "https://issuer.example refused the connection"],
  [
    { kind: "unusable", status: 200, why: "answered with a web page (200)", retryAfterSeconds: undefined },
    "LOGIN_ANSWER_INVALID",
    "https://issuer.example answered something that cannot be used: it answered with a web page (200)",
  ],
  [
    { kind: "unusable", status: 503, why: "answered with a web page (503)", retryAfterSeconds: undefined },
    "LOGIN_FAILED",
    "https://issuer.example is in trouble itself (503)",
  ],
])("%j is %s", (answer, code, message) => {
  expect(() => readTokens(answer, "https://issuer.example")).toThrow(expect.objectContaining({ code, message }));
});
