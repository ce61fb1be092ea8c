import { Secret } from "../kernel/secret.ts";
import type { Credential } from "./profile.ts";

/** Line breaks get into keys when they are pasted; no vendor's key has any. */
export function toSecret(text: string): Secret {
  return new Secret(text.replace(/[\r\n\u2028\u2029]+/g, "").trim());
}

/** Of what travels in a header, and is no page of HTML or quoted text that a server gave in a token's place (RFC 6750, 2.1, and some more). */
const TOKEN = /^(?:(?![<>"'`])[\u0021-\u007e]){1,16384}$/;

/** A token as a server or a program gave it; undefined of what no vendor would accept. */
export function toToken(value: unknown): Secret | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  return TOKEN.test(text) ? new Secret(text) : undefined;
}

/** A key that a config holds, without the line breaks and blanks that came with it. */
export function cleaned(secret: Secret): Secret {
  return toSecret(secret.reveal());
}

/** Whether two credentials would send the same. Logins renew themselves each on their own, so no two of them are the same. */
export function isSameSecret(one: Credential, other: Credential): boolean {
  const [first, second] = [one, other].map(lastingSecret);
  return first !== undefined && first.reveal() === second?.reveal();
}

/** Whether two readings of one login have the same tokens: nobody renewed it between them, or logged in anew. */
export function isSameLogin(one: Credential, other: Credential): boolean {
  return isSameAccess(one, other) && isSameRenewal(one, other);
}

/** Whether two readings of one login send the same token. A renewal that brought no token to use leaves the old one beside a new refresh token. */
export function isSameAccess(one: Credential, other: Credential): boolean {
  return one.kind === "oauth" && other.kind === "oauth" && one.access.reveal() === other.access.reveal();
}

/** Whether two logins are renewed by the same refresh token. */
export function isSameRenewal(one: Credential, other: Credential): boolean {
  return one.kind === "oauth" && other.kind === "oauth" && one.refresh.reveal() === other.refresh.reveal();
}

function lastingSecret(credential: Credential): Secret | undefined {
  if (credential.kind === "oauth") return undefined;
  return credential.kind === "api_key" ? credential.key : credential.token;
}
