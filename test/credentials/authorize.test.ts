import { expect, test } from "vitest";
import { authorize } from "../../src/credentials/authorize.ts";
import type { Credential } from "../../src/credentials/profile.ts";
import type { HttpRequest } from "../../src/kernel/http.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Quirks } from "../../src/provider/provider.ts";

const get: HttpRequest = { method: "GET", url: "https://api.example/models", headers: { accept: "application/json" } };
const key: Credential = { kind: "api_key", key: new Secret(" canary ") };
const token: Credential = { kind: "token", token: new Secret("canary") };
const login: Credential = { kind: "oauth", access: new Secret("canary"), refresh: new Secret("never"), expiresAtMs: undefined };

const headers = (credential: Credential, protocol: ProtocolId = "openai-chat", quirks: Quirks = {}, url = get.url) => {
  const authorized = authorize({ ...get, url }, credential, { protocol, quirks });
  return authorized.kind === "authorized" ? authorized.request.headers : authorized.why;
};

test("a key travels as the protocol wants it, or as the vendor does", () => {
  const accept = "application/json";
  expect(headers(key)).toEqual({ accept, authorization: "Bearer canary" });
  expect(headers(key, "openai-responses")).toEqual({ accept, authorization: "Bearer canary" });
  expect(headers(key, "anthropic-messages")).toEqual({ accept, "x-api-key": "canary" });
  expect(headers(key, "google-generate")).toEqual({ accept, "x-goog-api-key": "canary" });
  expect(headers(key, "openai-chat", { authHeader: "api-key" })).toEqual({ accept, "api-key": "canary" });
});

test("tokens and logins travel as bearer tokens", () => {
  for (const credential of [token, login]) expect(headers(credential, "anthropic-messages")).toMatchObject({ authorization: "Bearer canary" });
});

test("a secret is withheld where it must not go", () => {
  expect(headers(key, "openai-chat", {}, "http://api.example/models")).toBe("would travel unencrypted: the address does not begin with https");
  expect(headers(key, "openai-chat", {}, "http://127.0.0.1:8000/models")).toMatchObject({ authorization: "Bearer canary" });
  expect(headers({ kind: "token", token: new Secret("sk-ant-oat01-canary") }, "anthropic-messages")).toBe("is allowed in the vendor's own program only");
  for (const odd of ["two words", "line\r\nx-evil: 1", "é", ""])
    expect(headers({ kind: "token", token: new Secret(odd) })).toBe("holds characters that cannot travel in a header");
});
