import { AppError } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { HttpRequest } from "../../kernel/http.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import { Secret } from "../../kernel/secret.ts";
import { askVendor, type VendorAnswer } from "./ask-vendor.ts";
import { answerInvalid, refused } from "./failures.ts";
import type { LoginResult } from "./contract.ts";
import { type LoginWay, resultOf } from "./result.ts";
import { type OAuthFlow, type Setup, tokenClient } from "./setup.ts";
import { tokenRequest } from "./spend.ts";
import { readTokens } from "./token-answer.ts";

/** What belongs to one authorization request, and is spent with its answer. */
export interface CodeRequest {
  readonly url: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly verifier: Secret;
}

/** RFC 7636, 4.1: 43 to 128 characters. */
const VERIFIER_BYTES = 48;
export const STATE_BYTES = 32;
const ATTEMPTS = 3;

/** A verifier that nobody guesses, and what may be known of it. */
export function newVerifier(machine: LoginMachine): { readonly verifier: Secret; readonly challenge: string } {
  const text = machine.randomToken(VERIFIER_BYTES);
  return { verifier: new Secret(text), challenge: machine.challengeOf(text) };
}

/** RFC 6749, 4.1.1, with PKCE S256. */
export function codeRequest(machine: LoginMachine, flow: OAuthFlow, setup: Setup, redirectUri: string, state: string): CodeRequest {
  const { verifier, challenge } = newVerifier(machine);
  const url = new URL(setup.authorizeUrl ?? "");
  const parameters: Readonly<Record<string, string>> = {
    ...consentFor(flow),
    ...flow.authorizeParameters,
    response_type: "code",
    client_id: setup.clientId,
    redirect_uri: redirectUri,
    ...(setup.scopes.length > 0 && { scope: setup.scopes.join(" ") }),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, redirectUri, state, verifier };
}

/** Without it an issuer may leave the refresh token out (OpenID Connect Core, 11). */
function consentFor({ scopes }: OAuthFlow): Readonly<Record<string, string>> {
  return scopes.includes("offline_access") ? { prompt: "consent" } : {};
}

/** The code that came back; throws what came back in its place. */
export function codeIn(query: ReadonlyMap<string, string>, { issuer, namesItself }: Pick<Setup, "issuer" | "namesItself">): Secret {
  const named = query.get("iss");
  const isForeign = issuer !== undefined && (named === undefined ? namesItself === true && query.has("state") : named !== issuer);
  if (isForeign) {
    throw new AppError("LOGIN_STATE_MISMATCH", "what came back is from another issuer than the one that was asked; nothing was sent", {
      hint: "Run the login again, and log in on the page that it shows.",
    });
  }
  const [error, code = ""] = [query.get("error"), query.get("code")];
  if (error !== undefined) throw refused(error, query.get("error_description"));
  if (!/^[\u0020-\u007e]{1,8192}$/.test(code)) throw answerInvalid("the vendor's page", "the code in it is none");
  return new Secret(code);
}

/** Spends the code. */
export async function redeem(way: LoginWay, setup: Setup, request: Pick<CodeRequest, "redirectUri" | "verifier">, code: Secret): Promise<LoginResult> {
  const plain = { grant_type: "authorization_code", redirect_uri: request.redirectUri };
  const asked = tokenRequest(setup.tokenUrl, tokenClient(setup, way.client), plain, { code, code_verifier: request.verifier });
  const answer = await sendOnce(way.host, asked, way.signal);
  return resultOf(way, setup, readTokens(answer, new URL(setup.tokenUrl).origin));
}

/** Tried again only while nothing has been sent. */
export async function sendOnce(host: Host, request: HttpRequest, signal: AbortSignal): Promise<VendorAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askVendor(host, request, signal);
    if (answer.kind !== "none" || !answer.isUnsent || attempt === ATTEMPTS) return answer;
    await host.wait(host.random() * 1000 * attempt, signal);
  }
}
