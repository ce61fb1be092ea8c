import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprint } from "../../src/credentials/fingerprint.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { apiKey } from "../../src/provider/provider.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
/** A prefix of no other test: what was in hand here is struck out of what they say. */
const auth = [apiKey("LAB_API_KEY", { prefixes: ["lab-", "lab-api03-"] })];
const hashOf = (text: string): string => sha256(`signalbox:${text}`).slice(0, 6);
const ofKey = (text: string): string => fingerprint({ kind: "api_key", key: new Secret(text) }, auth, sha256);

test("shows the longest prefix that the vendor publishes, and six digits of a hash", () => {
  expect(ofKey("lab-api03-abcdefgh")).toBe(`lab-api03-…${hashOf("lab-api03-abcdefgh")}`);
  expect(ofKey("lab-other")).toBe(`lab-…${hashOf("lab-other")}`);
});

test("shows no part of a secret whose shape is unknown, however short it is", () => {
  expect(ofKey("hunter2")).toBe(`…${hashOf("hunter2")}`);
  expect(ofKey("x")).toBe(`…${hashOf("x")}`);
});

test("a key that is nothing but the prefix is not shown either", () => {
  expect(ofKey("lab-api03-")).toBe(`lab-…${hashOf("lab-api03-")}`);
  expect(ofKey("lab-")).toBe(`…${hashOf("lab-")}`);
});

test("tells two keys of one vendor apart", () => {
  expect(ofKey("lab-api03-one")).not.toBe(ofKey("lab-api03-two"));
});

test("of a login the access token is shown, or the refresh token where there is no other", () => {
  const login = (access: string, refresh: string): string =>
    fingerprint({ kind: "oauth", access: new Secret(access), refresh: new Secret(refresh), expiresAtMs: 1 }, [], sha256);
  expect(login("access", "refresh")).toBe(`…${hashOf("access")}`);
  expect(login("", "refresh")).toBe(`…${hashOf("refresh")}`);
});

test("says missing where there is no secret", () => {
  expect(ofKey(" ")).toBe("missing");
});
