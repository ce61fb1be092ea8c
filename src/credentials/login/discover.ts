import type { Host } from "../../kernel/host.ts";
import { askVendor, type VendorAnswer } from "./ask-vendor.ts";
import { endpoint, isLoopback, issuerInvalid, trustedUrl } from "./endpoint.ts";
import { loginFailed, quoted } from "./failures.ts";

/** What an issuer tells about itself (OpenID Connect Discovery 1.0; RFC 8414). */
export interface IssuerFacts {
  readonly issuer: string;
  readonly authorizeUrl?: string;
  readonly deviceUrl?: string;
  readonly tokenUrl?: string;
  readonly userinfoUrl?: string;
  /** It names the issuer in what comes back (RFC 9207), always. */
  readonly namesItself: boolean;
  /** Takes the client's secret in the header only. */
  readonly secretInHeader: boolean;
}

/** Throws LOGIN_ISSUER_INVALID, LOGIN_FAILED. */
export async function discover(host: Host, issuer: string, signal: AbortSignal): Promise<IssuerFacts> {
  const url = issuerUrl(issuer);
  const path = url.pathname.replace(/\/+$/, "");
  const places = [`${url.origin}${path}/.well-known/openid-configuration`, `${url.origin}/.well-known/oauth-authorization-server${path}`];
  let last: VendorAnswer | undefined;
  for (const place of places) {
    last = await askVendor(host, { method: "GET", url: place, headers: {} }, signal);
    if (last.kind === "fields" && last.status === 200) return factsOf(last.fields, issuer, url);
    if (last.kind === "none") break;
  }
  throw notTold(last, url.origin);
}

/** Throws LOGIN_ISSUER_INVALID. */
export function issuerUrl(issuer: string): URL {
  const url = trustedUrl(issuer);
  if (url !== undefined && url.search === "" && url.hash === "") return url;
  throw issuerInvalid("the issuer is no address that a login may begin at", "Give it as https://name/path, without a query.");
}

function factsOf(fields: Readonly<Record<string, unknown>>, issuer: string, url: URL): IssuerFacts {
  if (fields["issuer"] !== issuer) {
    const hint = "What it tells is not used. Give the issuer exactly as it names itself, with or without the slash at its end.";
    throw issuerInvalid(`${url.origin} speaks for another issuer than the one that was given.${quoted(fields["issuer"])}`, hint);
  }
  const told = (name: string): string | undefined => toldEndpoint(fields[name], name, url);
  const [authorizeUrl, deviceUrl] = [told("authorization_endpoint"), told("device_authorization_endpoint")];
  const [tokenUrl, userinfoUrl] = [told("token_endpoint"), told("userinfo_endpoint")];
  return {
    issuer,
    ...(authorizeUrl !== undefined && { authorizeUrl }),
    ...(deviceUrl !== undefined && { deviceUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(userinfoUrl !== undefined && { userinfoUrl }),
    namesItself: fields["authorization_response_iss_parameter_supported"] === true,
    secretInHeader: isHeaderOnly(fields["token_endpoint_auth_methods_supported"]),
  };
}

/** An issuer of the network does not get to send anything to a server on this machine. */
function toldEndpoint(value: unknown, name: string, issuer: URL): string | undefined {
  if (value === undefined || value === null) return undefined;
  const checked = new URL(endpoint(typeof value === "string" ? value : "", `the ${name} that ${issuer.origin} tells`));
  if (isLoopback(checked) && !isLoopback(issuer)) throw issuerInvalid(`${issuer.origin} tells a ${name} on this machine`);
  return checked.href;
}

/** The default of both documents is the header; those that take neither take public clients only. */
function isHeaderOnly(methods: unknown): boolean {
  if (!Array.isArray(methods)) return false;
  return methods.includes("client_secret_basic") && !methods.includes("client_secret_post");
}

function notTold(last: VendorAnswer | undefined, origin: string): Error {
  if (last?.kind === "none") return loginFailed(origin, last.why, "Check the issuer's address and the network, then run the login again.");
  const status = last?.status ?? 0;
  if (status >= 500 || status === 429) return loginFailed(origin, `could not tell how to log in (${status})`, "Run the login again in a while.");
  return issuerInvalid(`${origin} tells nothing about how to log in`, "Check the issuer's address: what it is called in the vendor's documentation.");
}
