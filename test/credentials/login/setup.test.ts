import { describe, expect, test } from "vitest";
import { prepare } from "../../../src/credentials/login/setup.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import type { LoginFlow } from "../../../src/provider/login-method.ts";
import { codeFlow, deviceFlow, ISSUER, json, methodOf, stageWith } from "./stage.ts";

const signal = new AbortController().signal;
const DISCOVERY = "/.well-known/openid-configuration";

type OAuthFlow = Extract<LoginFlow, { readonly scopes: readonly string[] }>;
const prepared = (flow: OAuthFlow, given?: { readonly clientId: string; readonly clientSecret?: Secret }, stage = stageWith({})) =>
  prepare(stage.host, methodOf(flow), flow, given, signal);

describe("what a login needs", () => {
  test("stands in the method; nobody is asked", async () => {
    const stage = stageWith({});
    expect(await prepared({ ...codeFlow, issuer: ISSUER }, { clientId: "lab-client" }, stage)).toEqual({
      clientId: "lab-client",
      authorizeUrl: `${ISSUER}/authorize`,
      tokenUrl: `${ISSUER}/token`,
      issuer: ISSUER,
      scopes: ["openid"],
    });
    expect(stage.times).toEqual([]);
  });

  test("is asked of the issuer where it does not; what the method says wins", async () => {
    const told = { issuer: ISSUER, device_authorization_endpoint: `${ISSUER}/told/device`, token_endpoint: `${ISSUER}/told/token` };
    const stage = stageWith({ [DISCOVERY]: [json(200, told)] });
    const { deviceUrl: _, ...rest } = deviceFlow;
    expect(await prepared({ ...rest, issuer: ISSUER }, { clientId: "lab-client" }, stage)).toMatchObject({
      deviceUrl: `${ISSUER}/told/device`,
      tokenUrl: `${ISSUER}/token`,
    });
  });

  test("an issuer that offers no such login is told as such", async () => {
    const stage = stageWith({ [DISCOVERY]: [json(200, { issuer: ISSUER, token_endpoint: `${ISSUER}/token` })] });
    const { deviceUrl: _, ...rest } = deviceFlow;
    await expect(prepared({ ...rest, issuer: ISSUER }, { clientId: "lab-client" }, stage)).rejects.toMatchObject({
      code: "LOGIN_ISSUER_INVALID",
      message: "the endpoint for device codes is not known",
    });
  });

  test("endpoints of the method are not trusted blindly either", async () => {
    for (const tokenUrl of ["http://issuer.example/token", "https://{host}/token", "ftp://issuer.example", "token"]) {
      await expect(prepared({ ...codeFlow, tokenUrl }, { clientId: "lab-client" })).rejects.toMatchObject({ code: "LOGIN_ISSUER_INVALID" });
    }
  });
});

describe("whose registration is used", () => {
  test("the person's own, with what to do where there is none", async () => {
    const own = { ...codeFlow, client: { kind: "own", howTo: "Register one.", page: "https://issuer.example/apps" } } as const;
    await expect(prepared(own)).rejects.toMatchObject({
      code: "LOGIN_CLIENT_NEEDED",
      message: '"Lab" needs a client id of your own',
      facts: { hint: "Register one. (https://issuer.example/apps)" },
    });
    await expect(prepared(own, { clientId: " " })).rejects.toMatchObject({ code: "LOGIN_CLIENT_NEEDED" });
    await expect(prepared(own, { clientId: "a\nb" })).rejects.toMatchObject({ code: "LOGIN_CLIENT_NEEDED" });
  });

  test("with its secret, where it has one", async () => {
    const own = { ...codeFlow, client: { kind: "own", howTo: "Register one.", needsSecret: true } } as const;
    await expect(prepared(own, { clientId: "lab-client" })).rejects.toMatchObject({
      code: "LOGIN_CLIENT_NEEDED",
      message: '"Lab" needs the secret of the client',
    });
    expect(await prepared(own, { clientId: "lab-client", clientSecret: new Secret("registration") })).not.toHaveProperty("clientSecret");
  });

  test("a public one, unless the person has an own", async () => {
    const open = { ...codeFlow, client: { kind: "public", clientId: "for-everybody" } } as const;
    expect(await prepared(open)).toMatchObject({ clientId: "for-everybody" });
    expect(await prepared(open, { clientId: "mine" })).toMatchObject({ clientId: "mine" });
  });
});
