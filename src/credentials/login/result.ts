import type { Host } from "../../kernel/host.ts";
import type { LoginMethod } from "../../provider/login-method.ts";
import type { Credential } from "../profile.ts";
import type { StoredLogin } from "../stored-login.ts";
import { type Account, accountOfToken, askAccount } from "./account.ts";
import type { GivenClient, LoginResult } from "./contract.ts";
import type { OAuthFlow, Setup } from "./setup.ts";
import { expiryOf, type Tokens } from "./token-answer.ts";

/** Who logs in how. */
export interface LoginWay {
  readonly host: Host;
  readonly method: LoginMethod;
  readonly flow: OAuthFlow;
  readonly client: GivenClient | undefined;
  readonly signal: AbortSignal;
}

/** What is to be stored of tokens. Asks the vendor whose they are where they do not say it. */
export async function resultOf(way: LoginWay, setup: Setup, tokens: Tokens): Promise<LoginResult> {
  const credential = credentialOf(tokens);
  const account = await accountFor(way, setup, tokens, credential);
  return {
    kind: "credential",
    credential,
    ...account,
    login: storedLogin(way, setup, tokens),
    ...(tokens.scopes !== undefined && { grantedScopes: tokens.scopes }),
  };
}

/** Without a refresh token it cannot renew itself: then it is a token like any other. */
function credentialOf(tokens: Tokens): Credential {
  const expiresAtMs = expiryOf(tokens);
  if (tokens.refresh !== undefined) return { kind: "oauth", access: tokens.access, refresh: tokens.refresh, expiresAtMs };
  return { kind: "token", token: tokens.access, ...(expiresAtMs !== undefined && { expiresAtMs }) };
}

async function accountFor({ host, flow, signal }: LoginWay, { userinfoUrl }: Setup, tokens: Tokens, credential: Credential): Promise<Account> {
  const stated = accountOfToken(tokens.idToken, flow.accountClaim);
  if (userinfoUrl === undefined || stated.email !== undefined) return stated;
  return { ...(await askAccount(host, userinfoUrl, credential, signal)), ...stated };
}

function storedLogin({ method, client }: LoginWay, { tokenUrl, clientId, issuer, scopes, secretInHeader }: Setup, tokens: Tokens): StoredLogin {
  return {
    method: method.id,
    licence: method.licence,
    tokenUrl,
    clientId,
    ...(client?.clientSecretVariable !== undefined && { clientSecretVariable: client.clientSecretVariable }),
    ...(client?.clientSecret !== undefined && secretInHeader === true && { clientSecretIn: "header" as const }),
    ...(issuer !== undefined && { issuer }),
    scopes: tokens.scopes ?? scopes,
    generation: 1,
    obtainedAtMs: tokens.sentAtMs,
    ...(tokens.lifetimeSeconds !== undefined && { lifetimeSeconds: tokens.lifetimeSeconds }),
  };
}
