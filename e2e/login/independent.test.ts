import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoginResult } from "../../src/credentials/login/contract.ts";
import { logIn } from "../../src/credentials/login/log-in.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { type IndependentProvider, startIndependentProvider } from "../../test/support/independent-provider.mjs";
import { browse, issuerMethod, loginWith } from "./stage.ts";

let idp: IndependentProvider;
beforeAll(async () => {
  idp = await startIndependentProvider();
});
afterAll(() => idp.close());

const SCOPES = ["openid", "offline_access", "email"];

function tokensOf(result: LoginResult): { readonly access: string; readonly refresh: string } {
  if (result.kind !== "credential" || result.credential.kind !== "oauth") throw new Error("no tokens");
  return { access: result.credential.access.reveal(), refresh: result.credential.refresh.reveal() };
}

async function refresh(refreshToken: string): Promise<{ readonly status: number; readonly refreshToken: string }> {
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: idp.clientId });
  const response = await fetch(`${idp.url}/token`, { method: "POST", body });
  const answer = (await response.json()) as { readonly refresh_token?: string };
  return { status: response.status, refreshToken: answer.refresh_token ?? "" };
}

describe("against a provider that others wrote", () => {
  test("a login by browser: found by its issuer, agreed to on its pages, with a refresh token that works once", async () => {
    const visit = async (page: string): Promise<unknown> => browse(await idp.agree(page, "ada"));
    const input = loginWith(issuerMethod("authorization-code", idp.url, { scopes: SCOPES }), { visit, given: { clientId: idp.clientId } });
    const result = await logIn(input);
    expect(result).toMatchObject({
      kind: "credential",
      credential: { kind: "oauth" },
      email: "ada@example.com",
      accountId: "ada",
      login: { tokenUrl: `${idp.url}/token`, clientId: idp.clientId, issuer: idp.url, scopes: SCOPES, generation: 1, lifetimeSeconds: 3600 },
    });
    const first = tokensOf(result);
    const second = await refresh(first.refresh);
    expect(second.status).toBe(200);
    expect(second.refreshToken).not.toBe(first.refresh);
    expect(await refresh(first.refresh)).toMatchObject({ status: 400 });
    expect(await refresh(second.refreshToken)).toMatchObject({ status: 400 });
  });

  test("a login by a pasted address, where nobody can see a page", async () => {
    let page = "";
    const input = loginWith(issuerMethod("authorization-code", idp.url, { scopes: SCOPES }), {
      given: { clientId: idp.clientId },
      onEvent: (event) => {
        if (event.event === "page") page = event.url;
      },
      paste: () => idp.agree(page, "grace"),
    });
    expect(await logIn(input)).toMatchObject({ email: "grace@example.com", accountId: "grace" });
  });

  test("a login by device code", async () => {
    let agreed: Promise<string> | undefined;
    const input = loginWith(issuerMethod("device-code", idp.url, { scopes: SCOPES }), {
      given: { clientId: idp.clientId },
      onEvent: (event) => {
        if (event.event === "page") agreed = idp.agree(event.url, "lin", event.userCode);
      },
    });
    const result = await logIn(input);
    expect(await agreed).toContain("Sign-in Success");
    expect(result).toMatchObject({ credential: { kind: "oauth" }, email: "lin@example.com", accountId: "lin" });
  });

  test("a registration with a secret that travels in the header alone", async () => {
    const { clientId, clientSecret } = idp.confidential;
    const visit = async (page: string): Promise<unknown> => browse(await idp.agree(page, "kim"));
    const given = { clientId, clientSecret: new Secret(clientSecret), clientSecretVariable: "LAB_SECRET" };
    const result = await logIn(loginWith(issuerMethod("authorization-code", idp.url, { scopes: SCOPES }), { visit, given }));
    expect(result).toMatchObject({ email: "kim@example.com", login: { clientSecretVariable: "LAB_SECRET", clientSecretIn: "header" } });
  });

  test("a wrong secret, and an id that nobody registered, are told as such", async () => {
    const visit = async (page: string): Promise<unknown> => browse(await idp.agree(page, "kim"));
    const given = { clientId: idp.confidential.clientId, clientSecret: new Secret("not-this-one") };
    const wrong = logIn(loginWith(issuerMethod("authorization-code", idp.url, { scopes: SCOPES }), { visit, given }));
    await expect(wrong).rejects.toMatchObject({ code: "LOGIN_CLIENT_NEEDED" });
    const unknown = logIn(loginWith(issuerMethod("device-code", idp.url), { given: { clientId: "nobody" } }));
    await expect(unknown).rejects.toMatchObject({ code: "LOGIN_CLIENT_NEEDED" });
  });
});
