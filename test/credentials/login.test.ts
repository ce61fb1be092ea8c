import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoginResult } from "../../src/credentials/login/contract.ts";
import { codeIn } from "../../src/credentials/login/code-flow.ts";
import { discover } from "../../src/credentials/login/discover.ts";
import { logIn } from "../../src/credentials/login/log-in.ts";
import { readPasted } from "../../src/credentials/login/pasted.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { harmfulIn, HOSTILE } from "../support/hostile.ts";
import { DEVICE_ANSWER, deviceFlow, inputFor, ISSUER, json, stageWith, TOKEN_ANSWER } from "./login/stage.ts";

const idToken = (claims: unknown): string => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
const GOOD = { device: DEVICE_ANSWER, token: TOKEN_ANSWER };

/** All that a login told anybody, whatever came of it. */
async function told(lies: { readonly device?: object; readonly token?: object; readonly status?: number }): Promise<string> {
  const stage = stageWith({
    "/device": [json(200, { ...GOOD.device, expires_in: 30, ...lies.device })],
    "/token": [json(lies.status ?? 200, { ...GOOD.token, ...lies.token })],
  });
  const input = inputFor(stage, deviceFlow);
  const outcome = await logIn(input).then(shown, shownError);
  return JSON.stringify(input.events.map((event) => Object.values(event).join(" "))) + outcome;
}

/** The account's facts and the login's; the tokens are secrets. */
function shown(result: LoginResult): string {
  if (result.kind !== "credential") return result.kind;
  const { email, accountId, login, grantedScopes } = result;
  return [email, accountId, ...(grantedScopes ?? []), ...(login?.scopes ?? []), login?.tokenUrl, login?.clientId].join(" ");
}

function shownError(thrown: unknown): string {
  if (!(thrown instanceof AppError)) throw thrown;
  return `${thrown.code} ${thrown.message} ${thrown.hint}`;
}

describe.each(HOSTILE.map((text) => [JSON.stringify(text), text] as const))("%s from an identity provider", (_, text) => {
  test.each([
    ["the code", { device: { user_code: text } }],
    ["the code among letters", { device: { user_code: `AB${text}CD` } }],
    ["the page", { device: { verification_uri: `${ISSUER}/${text}` } }],
    ["the page's name", { device: { verification_uri: `https://${text}.example/` } }],
    ["the filled-in page", { device: { verification_uri_complete: `${ISSUER}/?c=${text}` } }],
    ["a refusal's name", { status: 400, token: { access_token: undefined, error: text } }],
    ["a refusal's words", { status: 400, token: { access_token: undefined, error: "server_error", error_description: `no ${text} no` } }],
    ["a refused device code", { device: { error: text, error_description: text } }],
    ["the token's kind", { token: { token_type: text } }],
    ["the token", { token: { access_token: text } }],
    ["the refresh token", { token: { refresh_token: text } }],
    ["the lifetime", { token: { expires_in: text } }],
    ["the scopes", { token: { scope: `openid ${text}` } }],
    ["the e-mail address", { token: { id_token: idToken({ email: `${text}@example.com`, sub: "u" }) } }],
    ["the account", { token: { id_token: idToken({ sub: text }) } }],
    ["the id token", { token: { id_token: text } }],
  ])("as %s: nothing of it reaches anybody", async (_name, lies) => {
    expect(harmfulIn(await told(lies))).toEqual([]);
  });

  test("as issuer, and as what came back to the browser", async () => {
    const stage = stageWith({ "/.well-known/openid-configuration": [json(200, { issuer: text, token_endpoint: text })] });
    const thrown = await discover(stage.host, ISSUER, new AbortController().signal).then(() => "", shownError);
    expect(harmfulIn(thrown)).toEqual([]);
    for (const query of [{ error: text }, { error: "x", error_description: text }, { code: text }, { code: "a", iss: text }]) {
      const outcome = ((): string => {
        try {
          return codeIn(new Map(Object.entries(query)), { issuer: ISSUER }).toString();
        } catch (error) {
          return shownError(error);
        }
      })();
      expect(harmfulIn(outcome)).toEqual([]);
    }
  });
});

describe("whatever is pasted", () => {
  const expected = { redirectUri: "http://127.0.0.1:41001/callback", state: "the-state" };
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      expected.redirectUri,
      "?",
      "&",
      "#",
      "code=",
      "state=",
      "the-state",
      "error=",
      "https://",
      "http://127.0.0.1:41001",
      "%",
      "%zz",
      ...HOSTILE,
    ),
  );
  const pasted = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

  test("it is read or refused, and an address or query is an answer only with the state", () => {
    fc.assert(
      fc.property(pasted, (text) => {
        const reading = readPasted(text, expected);
        if (reading.kind === "refused") expect(harmfulIn(reading.why + reading.hint)).toEqual([]);
        else if (reading.query.size > 1 || !reading.query.has("code")) expect(reading.query.get("state")).toBe("the-state");
      }),
      { numRuns: 3000 },
    );
  });
});
