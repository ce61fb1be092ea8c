import { describe, expect, test } from "vitest";
import { discover } from "../../../src/credentials/login/discover.ts";
import { response } from "../../support/fake-host.ts";
import { broken, ISSUER, json, stageWith } from "./stage.ts";

const OIDC = "/.well-known/openid-configuration";
const RFC8414 = "/.well-known/oauth-authorization-server";
const FACTS = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  device_authorization_endpoint: `${ISSUER}/device`,
  token_endpoint: "https://api.example/token",
  userinfo_endpoint: `${ISSUER}/userinfo`,
};
const ask = (answers: Parameters<typeof stageWith>[0], issuer = ISSUER) => {
  const stage = stageWith(answers);
  return { stage, found: discover(stage.host, issuer, new AbortController().signal) };
};

describe("what an issuer tells", () => {
  test("by OpenID Connect", async () => {
    const { stage, found } = ask({ [OIDC]: [json(200, { ...FACTS, authorization_response_iss_parameter_supported: true })] });
    expect(await found).toEqual({
      issuer: ISSUER,
      authorizeUrl: `${ISSUER}/authorize`,
      deviceUrl: `${ISSUER}/device`,
      tokenUrl: "https://api.example/token",
      userinfoUrl: `${ISSUER}/userinfo`,
      namesItself: true,
      secretInHeader: false,
    });
    expect(stage.times).toEqual([`0 ${OIDC}`]);
  });

  test("by RFC 8414, whose address has the path at its end", async () => {
    const issuer = `${ISSUER}/tenant/one`;
    const { stage, found } = ask({ [`${RFC8414}/tenant/one`]: [json(200, { ...FACTS, issuer })] }, issuer);
    expect(await found).toMatchObject({ issuer, tokenUrl: "https://api.example/token" });
    expect(stage.times).toEqual([`0 /tenant/one${OIDC}`, `0 ${RFC8414}/tenant/one`]);
  });

  test("whether a secret travels in the header alone", async () => {
    const of = async (methods: unknown) =>
      (await ask({ [OIDC]: [json(200, { ...FACTS, token_endpoint_auth_methods_supported: methods })] }).found).secretInHeader;
    expect(await of(["client_secret_basic"])).toBe(true);
    expect(await of(["client_secret_basic", "client_secret_post"])).toBe(false);
    expect(await of(["none"])).toBe(false);
    expect(await of("client_secret_basic")).toBe(false);
  });
});

describe("an issuer that is not believed", () => {
  test.each([
    ["another issuer", { issuer: "https://other.example" }],
    ["its own name with a slash more", { issuer: `${ISSUER}/` }],
    ["its own name in other letters", { issuer: ISSUER.toUpperCase() }],
    ["no issuer", { issuer: undefined }],
    ["an issuer with an escape", { issuer: "\u001b[2J" }],
    ["a token endpoint without TLS", { token_endpoint: "http://issuer.example/token" }],
    ["a token endpoint on this machine", { token_endpoint: "http://127.0.0.1:9999/token" }],
    ["a token endpoint on this machine by name", { token_endpoint: "https://localhost/token" }],
    ["a page that is a program", { authorization_endpoint: "javascript:alert(1)" }],
    ["a page with a password", { authorization_endpoint: "https://issuer.example@attacker.example/" }],
    ["a page with a fragment", { authorization_endpoint: `${ISSUER}/authorize#x` }],
    ["a device endpoint that is no text", { device_authorization_endpoint: 7 }],
  ])("%s", async (_, lie) => {
    const { stage, found } = ask({ [OIDC]: [json(200, { ...FACTS, ...lie })], [RFC8414]: [json(200, FACTS)] });
    const thrown = await found.catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "LOGIN_ISSUER_INVALID" });
    expect(String(thrown)).not.toMatch(/[\u0000-\u001f\u007f]/);
    expect(stage.times).toHaveLength(1);
  });

  test.each([
    ["http://issuer.example", "no TLS"],
    ["issuer.example", "no scheme"],
    ["https://issuer.example/?a=b", "a query"],
    ["https://user:pw@issuer.example", "a password"],
    ["file:///etc/passwd", "a file"],
    ["https://{host}/", "a place that was not filled in"],
  ])("%s: %s; nobody is asked", async (issuer) => {
    const { stage, found } = ask({}, issuer);
    await expect(found).rejects.toMatchObject({ code: "LOGIN_ISSUER_INVALID" });
    expect(stage.times).toEqual([]);
  });

  test.each([
    ["nothing there", json(404, {}), "LOGIN_ISSUER_INVALID"],
    ["a web page", () => response(200, "<html>"), "LOGIN_ISSUER_INVALID"],
    ["a redirect", () => response(302, "", { location: "https://attacker.example" }), "LOGIN_ISSUER_INVALID"],
    ["100 kB", () => response(200, JSON.stringify({ ...FACTS, more: "a".repeat(100_000) })), "LOGIN_ISSUER_INVALID"],
    ["a server in trouble", json(503, {}), "LOGIN_FAILED"],
    ["no connection", broken("ENOTFOUND"), "LOGIN_FAILED"],
  ])("%s", async (_, answer, code) => {
    await expect(ask({ [OIDC]: [answer], [RFC8414]: [answer] }).found).rejects.toMatchObject({ code });
  });
});
