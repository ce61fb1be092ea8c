import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logIn } from "../../src/credentials/login/log-in.ts";
import type { LoginResult } from "../../src/credentials/login/contract.ts";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import type { Host } from "../../src/kernel/host.ts";
import type { HttpDeadlines } from "../../src/kernel/http.ts";
import { answerOf, browse, host, issuerMethod, loginWith, methodFor } from "./stage.ts";

let idp: IdentityProvider;
beforeEach(async () => {
  idp = await startIdentityProvider();
});
afterEach(() => idp.close());

function credentialOf(result: LoginResult): Extract<LoginResult, { kind: "credential" }> {
  if (result.kind !== "credential") throw new Error(`got ${result.kind}`);
  return result;
}

describe("a login by browser", () => {
  test("gives tokens, the account and what renewing it needs", async () => {
    const input = loginWith(issuerMethod("authorization-code", idp.url), { visit: browse });
    const result = credentialOf(await logIn(input));
    expect(result.credential.kind).toBe("oauth");
    expect({ ...result, credential: undefined, login: { ...result.login, obtainedAtMs: 0 } }).toEqual({
      kind: "credential",
      credential: undefined,
      email: "ada@example.com",
      accountId: "user-1",
      login: {
        method: "own",
        licence: "own-client",
        tokenUrl: `${idp.url}/token`,
        clientId: "lab-client",
        issuer: idp.url,
        scopes: ["openid", "email"],
        generation: 1,
        obtainedAtMs: 0,
        lifetimeSeconds: 3600,
      },
      grantedScopes: ["openid", "email"],
    });
    if (result.credential.kind === "oauth") expect(idp.isLive(result.credential.access.reveal())).toBe(true);
    expect(input.events.map(({ event }) => event)).toEqual(["page", "browser_opened", "waiting", "received", "exchanged"]);
  });

  test("uses PKCE S256, a state, an address literal, and sends no secret in an address", async () => {
    await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse }));
    const page = idp.asked.find(({ path }) => path.startsWith("/authorize"));
    const token = idp.asked.find(({ path }) => path === "/token");
    expect(page?.query).toMatchObject({ response_type: "code", code_challenge_method: "S256", client_id: "lab-client", scope: "openid email" });
    expect(page?.query["redirect_uri"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(page?.query["state"]).toMatch(/^[\w-]{43}$/);
    expect(page?.query["code_challenge"]).toMatch(/^[\w-]{43}$/);
    expect(token?.form["code_verifier"]).toMatch(/^[\w-]{64}$/);
    expect(Object.keys(token?.form ?? {}).sort()).toEqual(["client_id", "code", "code_verifier", "grant_type", "redirect_uri"]);
  });

  test("ends by a pasted address where the browser is elsewhere, and the question is taken away when the browser comes back first", async () => {
    let page = "";
    const pasted = await logIn(
      loginWith(issuerMethod("authorization-code", idp.url), {
        onEvent: (event) => {
          if (event.event === "page") page = event.url;
        },
        paste: () => answerOf(page),
      }),
    );
    expect(credentialOf(pasted).email).toBe("ada@example.com");

    let isTakenAway = false;
    const paste = (signal: AbortSignal): Promise<string> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          isTakenAway = true;
          reject(new Error("taken away"));
        });
      });
    await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse, paste }));
    expect(isTakenAway).toBe(true);
  });

  test("asks again for a paste that belongs to another login, and sends nothing for it", async () => {
    let page = "";
    let asked = 0;
    const input = loginWith(issuerMethod("authorization-code", idp.url), {
      onEvent: (event) => {
        if (event.event === "page") page = event.url;
      },
      paste: async () => {
        asked += 1;
        const answer = new URL(await answerOf(page));
        if (asked === 1) answer.searchParams.set("state", "another");
        else expect(idp.counts.token).toBe(0);
        return answer.href;
      },
    });
    await logIn(input);
    expect(input.events.filter(({ event }) => event === "paste_refused")).toHaveLength(1);
    expect(idp.counts.token).toBe(1);
  });

  test("says that it was refused, and stores nothing", async () => {
    await idp.close();
    idp = await startIdentityProvider({ decision: "deny" });
    await expect(logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse }))).rejects.toMatchObject({ code: "LOGIN_DENIED" });
    expect(idp.counts.token).toBe(0);
  });

  test("spends no code that another issuer gave", async () => {
    const visit = async (url: string): Promise<void> => {
      const answer = new URL(await answerOf(url));
      answer.searchParams.set("iss", "https://other.example");
      await browse(answer);
    };
    await expect(logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit }))).rejects.toMatchObject({ code: "LOGIN_STATE_MISMATCH" });
    expect(idp.counts.token).toBe(0);
  });

  test("ends at once when it is interrupted", async () => {
    const input = loginWith(issuerMethod("authorization-code", idp.url), {
      onEvent: (event) => {
        if (event.event === "waiting") input.stop.abort(new Error("Ctrl-C"));
      },
    });
    await expect(logIn(input)).rejects.toThrow("Ctrl-C");
  });

  test.each([
    ["status_500", "LOGIN_FAILED"],
    ["rate_limit", "LOGIN_FAILED"],
    ["drop", "LOGIN_FAILED"],
    ["invalid_grant", "LOGIN_FAILED"],
    ["invalid_client", "LOGIN_CLIENT_NEEDED"],
    ["html", "LOGIN_ANSWER_INVALID"],
    ["not_json", "LOGIN_ANSWER_INVALID"],
    ["list", "LOGIN_ANSWER_INVALID"],
    ["giant", "LOGIN_ANSWER_INVALID"],
    ["redirect", "LOGIN_ANSWER_INVALID"],
    ["no_access_token", "LOGIN_ANSWER_INVALID"],
    ["mac_token", "LOGIN_ANSWER_INVALID"],
    ["negative_expiry", "LOGIN_ANSWER_INVALID"],
    ["short_expiry", "LOGIN_ANSWER_INVALID"],
    ["endless_expiry", "LOGIN_ANSWER_INVALID"],
  ] as const)("a token endpoint with %s is %s, asked once", async (fault, code) => {
    idp.fault("token", fault);
    await expect(logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse }))).rejects.toMatchObject({ code });
    expect(idp.counts.token).toBe(1);
  });

  test("without a refresh token the credential is a token; a lifetime as text counts", async () => {
    idp.fault("token", "no_refresh_token");
    const token = credentialOf(await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse })));
    expect(token.credential.kind).toBe("token");
    idp.fault("token", "string_expiry");
    const text = credentialOf(await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse })));
    expect(text.login?.lifetimeSeconds).toBe(3600);
  });

  test("the client's secret goes into the form, or into the header where the issuer takes it there alone", async () => {
    await idp.close();
    const { Secret } = await import("../../src/kernel/secret.ts");
    const given = { clientId: "lab client", clientSecret: new Secret("s:crét"), clientSecretVariable: "LAB_SECRET" };
    idp = await startIdentityProvider({ clientSecret: "s:crét" });
    const inForm = credentialOf(await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse, given })));
    expect(inForm.login).toMatchObject({ clientSecretVariable: "LAB_SECRET" });
    idp.lies.discovery = { token_endpoint_auth_methods_supported: ["client_secret_basic"] };
    await logIn(loginWith(issuerMethod("authorization-code", idp.url), { visit: browse, given })).catch(() => undefined);
    const last = idp.asked.filter(({ path }) => path === "/token").at(-1);
    expect(last?.form["client_secret"]).toBeUndefined();
    expect(Buffer.from(last?.headers.authorization?.slice(6) ?? "", "base64").toString()).toBe("lab+client:s%3Acr%C3%A9t");
  });
});

describe("OpenRouter's login", () => {
  const flow = (url: string) => methodFor({ kind: "openrouter-pkce", authorizeUrl: `${url}/auth`, keysUrl: `${url}/auth/keys` });

  test("gives a key; the path that nobody guesses stands for the state", async () => {
    const result = credentialOf(await logIn(loginWith(flow(idp.url), { visit: browse })));
    expect(result).toMatchObject({ credential: { kind: "api_key" }, accountId: "user_2abc" });
    const page = idp.asked.find(({ path }) => path.startsWith("/auth?"));
    expect(page?.query["callback_url"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/[\w-]{43}$/);
  });

  test("a refusal gives no key", async () => {
    idp.fault("keys", "invalid_client");
    await expect(logIn(loginWith(flow(idp.url), { visit: browse }))).rejects.toMatchObject({ code: "LOGIN_FAILED" });
  });
});

describe("a login by device code", () => {
  test("shows the code, waits for the person, and gives tokens", async () => {
    const input = loginWith(issuerMethod("device-code", idp.url), {
      onEvent: (event) => {
        if (event.event === "page" && event.userCode !== undefined) idp.approve(event.userCode);
      },
    });
    const result = credentialOf(await logIn(input));
    expect(result).toMatchObject({ credential: { kind: "oauth" }, email: "ada@example.com" });
    expect(input.events[0]).toMatchObject({ event: "page", url: `${idp.url}/activate`, userCode: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/) });
  });

  test("ends when the person refuses", async () => {
    const input = loginWith(issuerMethod("device-code", idp.url), {
      onEvent: (event) => {
        if (event.event === "page" && event.userCode !== undefined) idp.deny(event.userCode);
      },
    });
    await expect(logIn(input)).rejects.toMatchObject({ code: "LOGIN_DENIED" });
  });
});

describe("an identity provider that does not answer", () => {
  const PATHS = { discovery: "/.well-known/", token: "/token", userinfo: "/userinfo" };
  const SOON: HttpDeadlines = { connectMs: 500, firstByteMs: 300, idleMs: 300, totalMs: 900 };
  /** The usual deadlines take twenty seconds. Only the first call of that endpoint, which gets no answer, has shorter ones. */
  function impatientAt(path: string): Host {
    let isFirst = true;
    return {
      ...host,
      http: (request, signal, deadlines) => {
        const isMeant = isFirst && new URL(request.url).pathname.startsWith(path);
        isFirst &&= !isMeant;
        return host.http(request, signal, isMeant ? SOON : deadlines);
      },
    };
  }

  test.each([
    ["discovery", "stall"],
    ["discovery", "stall_body"],
    ["token", "stall"],
    ["token", "stall_body"],
    ["token", "stall_after"],
    ["token", "lost"],
  ] as const)("%s with %s: the login ends, and nothing is sent twice", async (endpoint, fault) => {
    idp.fault(endpoint, fault, 3);
    const input = loginWith(issuerMethod("authorization-code", idp.url), { host: impatientAt(PATHS[endpoint]), visit: browse });
    await expect(logIn(input)).rejects.toMatchObject({ code: "LOGIN_FAILED" });
    expect(idp.counts[endpoint]).toBe(1);
  });

  test("a device login asks again", async () => {
    idp.fault("token", "stall");
    const input = loginWith(issuerMethod("device-code", idp.url), {
      host: impatientAt(PATHS.token),
      onEvent: (event) => {
        if (event.event === "page" && event.userCode !== undefined) idp.approve(event.userCode);
      },
    });
    expect(credentialOf(await logIn(input)).credential.kind).toBe("oauth");
    expect(input.events.filter(({ event }) => event === "retry")).toEqual([{ event: "retry", why: "did not answer in time", inSeconds: 2 }]);
  });

  test("an account that cannot be asked for is no obstacle", async () => {
    await idp.close();
    idp = await startIdentityProvider({ email: undefined });
    idp.fault("userinfo", "stall");
    const result = credentialOf(await logIn(loginWith(issuerMethod("authorization-code", idp.url), { host: impatientAt(PATHS.userinfo), visit: browse })));
    expect(result.accountId).toBe("user-1");
    expect(result.email).toBeUndefined();
  });
});
