import { AppError } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { LoginFlow, LoginMethod } from "../../provider/login-method.ts";
import type { GivenClient } from "./contract.ts";
import { discover, issuerUrl, type IssuerFacts } from "./discover.ts";
import { endpoint, trustedUrl } from "./endpoint.ts";
import type { TokenClient } from "./spend.ts";

export type OAuthFlow = Extract<LoginFlow, { readonly scopes: readonly string[] }>;

/** Where a login goes, and as whom: checked, and without a secret, so that it can be kept between two steps. */
export interface Setup {
  readonly clientId: string;
  readonly authorizeUrl?: string;
  readonly deviceUrl?: string;
  readonly tokenUrl: string;
  readonly userinfoUrl?: string;
  readonly issuer?: string;
  readonly scopes: readonly string[];
  /** Every answer of the issuer's page says whose it is. */
  readonly namesItself?: true;
  readonly secretInHeader?: true;
}

/** Asks the issuer for the endpoints that the method does not name. Throws LOGIN_CLIENT_NEEDED, LOGIN_ISSUER_INVALID, LOGIN_FAILED. */
export async function prepare(host: Host, method: LoginMethod, flow: OAuthFlow, client: GivenClient | undefined, signal: AbortSignal): Promise<Setup> {
  const clientId = clientIdOf(method, flow, client);
  const told = await toldBy(host, flow, signal);
  const [authorizeUrl, deviceUrl] = [flow.authorizeUrl ?? told?.authorizeUrl, flow.deviceUrl ?? told?.deviceUrl];
  const userinfoUrl = flow.userinfoUrl ?? told?.userinfoUrl;
  return {
    clientId,
    ...(flow.kind === "authorization-code"
      ? { authorizeUrl: endpoint(authorizeUrl, "the page to log in at") }
      : { deviceUrl: endpoint(deviceUrl, "the endpoint for device codes") }),
    tokenUrl: endpoint(flow.tokenUrl ?? told?.tokenUrl, "the token endpoint"),
    ...(userinfoUrl !== undefined && { userinfoUrl: endpoint(userinfoUrl, "the userinfo endpoint") }),
    ...(flow.issuer !== undefined && { issuer: flow.issuer }),
    scopes: flow.scopes,
    ...(told?.namesItself === true && { namesItself: true }),
    ...(told?.secretInHeader === true && { secretInHeader: true }),
  };
}

export function tokenClient({ clientId, secretInHeader }: Setup, client: GivenClient | undefined): TokenClient {
  const secret = client?.clientSecret;
  return { clientId, ...(secret !== undefined && { clientSecret: secret }), ...(secretInHeader === true && { secretInHeader }) };
}

/** Throws LOGIN_ISSUER_INVALID where the issuer would have to be asked and cannot be. */
export function checkIssuer(flow: OAuthFlow): void {
  const issuer = askedIssuer(flow);
  if (issuer !== undefined) issuerUrl(issuer);
}

async function toldBy(host: Host, flow: OAuthFlow, signal: AbortSignal): Promise<IssuerFacts | undefined> {
  const issuer = askedIssuer(flow);
  return issuer === undefined ? undefined : discover(host, issuer, signal);
}

/** Who names its endpoints itself needs none. */
function askedIssuer(flow: OAuthFlow): string | undefined {
  const own = flow.kind === "authorization-code" ? flow.authorizeUrl : flow.deviceUrl;
  return own !== undefined && flow.tokenUrl !== undefined ? undefined : flow.issuer;
}

function clientIdOf(method: LoginMethod, { client: rule }: OAuthFlow, given: GivenClient | undefined): string {
  const clientId = given?.clientId.trim() ?? (rule.kind === "public" ? rule.clientId : "");
  if (clientId === "") throw clientNeeded(method, rule, "a client id of your own");
  if (!/^[\u0020-\u007e]{1,512}$/.test(clientId)) throw clientNeeded(method, rule, "a client id in one line of plain characters");
  if (rule.kind === "own" && rule.needsSecret === true && given?.clientSecret === undefined) throw clientNeeded(method, rule, "the secret of the client");
  return clientId;
}

function clientNeeded({ label }: LoginMethod, rule: OAuthFlow["client"], what: string): AppError {
  const page = rule.kind === "own" && rule.page !== undefined && trustedUrl(rule.page) !== undefined ? ` (${rule.page})` : "";
  const hint = rule.kind === "own" ? `${rule.howTo}${page}` : "Leave the client id out, or give a whole one.";
  return new AppError("LOGIN_CLIENT_NEEDED", `"${label}" needs ${what}`, { hint });
}
