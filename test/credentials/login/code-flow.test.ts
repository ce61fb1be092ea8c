import { describe, expect, test } from "vitest";
import { codeIn, codeRequest, sendOnce } from "../../../src/credentials/login/code-flow.ts";
import { formRequest } from "../../../src/credentials/login/ask-vendor.ts";
import { broken, codeFlow, ISSUER, json, type Stage, stageWith, TOKEN_ANSWER } from "./stage.ts";

const setup = { clientId: "lab-client", authorizeUrl: `${ISSUER}/authorize?tenant=one`, tokenUrl: `${ISSUER}/token`, scopes: ["openid", "email"] };
const queryOf = (url: string): Record<string, string> => Object.fromEntries(new URL(url).searchParams);
const request = (flow: Parameters<typeof codeRequest>[1], scopes = setup.scopes) =>
  codeRequest(stageWith({}).machine, flow, { ...setup, scopes }, "http://127.0.0.1:41001/callback", "the-state");

describe("the address of the page", () => {
  test("has PKCE and the state in it, and keeps what the vendor's address has", () => {
    const { url, verifier } = request(codeFlow);
    expect(queryOf(url)).toEqual({
      tenant: "one",
      response_type: "code",
      client_id: "lab-client",
      redirect_uri: "http://127.0.0.1:41001/callback",
      scope: "openid email",
      state: "the-state",
      code_challenge: stageWith({}).host.sha256(verifier.reveal()).slice(0, 43),
      code_challenge_method: "S256",
    });
    expect(url).not.toContain(verifier.reveal());
  });

  test("takes the vendor's further parameters, but never for what makes it safe", () => {
    const authorizeParameters = { access_type: "offline", state: "known", code_challenge_method: "plain", redirect_uri: "https://attacker.example" };
    expect(queryOf(request({ ...codeFlow, authorizeParameters }).url)).toMatchObject({
      access_type: "offline",
      state: "the-state",
      code_challenge_method: "S256",
      redirect_uri: "http://127.0.0.1:41001/callback",
    });
  });

  test("asks for consent where a refresh token hangs on it, unless the vendor wants another prompt", () => {
    const scopes = ["openid", "offline_access"];
    expect(queryOf(request({ ...codeFlow, scopes }).url)["prompt"]).toBe("consent");
    expect(queryOf(request({ ...codeFlow, scopes, authorizeParameters: { prompt: "login" } }).url)["prompt"]).toBe("login");
    expect(queryOf(request(codeFlow).url)["prompt"]).toBeUndefined();
  });

  test("has no scope where none is asked for", () => expect(queryOf(request({ ...codeFlow, scopes: [] }, []).url)).not.toHaveProperty("scope"));
});

describe("what came back", () => {
  const answer = (fields: Readonly<Record<string, string>>) => new Map(Object.entries(fields));

  test("is a code", () => expect(codeIn(answer({ code: "abc", state: "s" }), {}).reveal()).toBe("abc"));

  test.each([
    ["another issuer", { code: "abc", state: "s", iss: "https://other.example" }, { issuer: ISSUER }],
    ["another issuer beside a refusal", { error: "access_denied", state: "s", iss: "https://other.example" }, { issuer: ISSUER }],
    ["no issuer, where it always names itself", { code: "abc", state: "s" }, { issuer: ISSUER, namesItself: true as const }],
  ])("from %s is not looked at", (_, fields, known) =>
    expect(() => codeIn(answer(fields), known)).toThrow(expect.objectContaining({ code: "LOGIN_STATE_MISMATCH" })),
  );

  test("a bare code names nobody, and need not", () => {
    expect(codeIn(answer({ code: "abc" }), { issuer: ISSUER, namesItself: true }).reveal()).toBe("abc");
    expect(codeIn(answer({ code: "abc", state: "s", iss: ISSUER }), { issuer: ISSUER, namesItself: true }).reveal()).toBe("abc");
    expect(codeIn(answer({ code: "abc", iss: "https://somebody.example" }), {}).reveal()).toBe("abc");
  });

  test.each([
    [{ error: "access_denied" }, "LOGIN_DENIED"],
    [{ error: "access_denied", code: "abc" }, "LOGIN_DENIED"],
    [{ error: "invalid_scope" }, "LOGIN_FAILED"],
    [{ error: "unauthorized_client" }, "LOGIN_CLIENT_NEEDED"],
    [{ error: "<script>" }, "LOGIN_FAILED"],
    [{ code: "" }, "LOGIN_ANSWER_INVALID"],
    [{ code: "a\u001b[2J" }, "LOGIN_ANSWER_INVALID"],
  ])("%j is %s", (fields, code) => expect(() => codeIn(answer(fields as Record<string, string>), {})).toThrow(expect.objectContaining({ code })));
});

describe("spending a code", () => {
  const send = ({ host }: Stage) => sendOnce(host, formRequest(`${ISSUER}/token`, new URLSearchParams()), new AbortController().signal);
  const asked = async (...answers: Parameters<typeof stageWith>[0][string]) => {
    const stage = stageWith({ "/token": answers });
    return { answer: await send(stage), times: stage.times.length };
  };
  const tokens = json(200, TOKEN_ANSWER);

  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "CERT_HAS_EXPIRED"])("is tried three times while no connection comes about (%s)", async (code) => {
    expect(await asked(broken(code), broken(code), tokens)).toMatchObject({ answer: { kind: "fields" }, times: 3 });
    expect(await asked(broken(code))).toMatchObject({ answer: { kind: "none" }, times: 3 });
  });

  test.each(["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"])("is tried once when it may have arrived (%s)", async (code) =>
    expect(await asked(broken(code), tokens)).toMatchObject({ answer: { kind: "none", isUnsent: false }, times: 1 }),
  );
});
