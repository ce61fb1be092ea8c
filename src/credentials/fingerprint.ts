import type { Host } from "../kernel/host.ts";
import type { Secret } from "../kernel/secret.ts";
import type { AuthMethod } from "../provider/provider.ts";
import type { Credential } from "./profile.ts";

/**
 * Tells two secrets apart without showing a part of either: the prefix that the vendor publishes, and six hexadecimal digits of a
 * one-way hash. "missing" when there is no secret.
 */
export function fingerprint(credential: Credential, auth: readonly AuthMethod[], sha256: Host["sha256"]): string {
  const secret = shownSecret(credential);
  if (secret.isBlank) return "missing";
  const text = secret.reveal();
  const prefix = publishedPrefixes(auth).find((known) => text.startsWith(known) && text.length > known.length) ?? "";
  return `${prefix}…${sha256(`signalbox:${text}`).slice(0, 6)}`;
}

/** Whether it can have been made that way: a way that publishes prefixes makes nothing without one. */
export function canBeOf(credential: Credential, method: AuthMethod): boolean {
  const prefixes = "prefixes" in method ? method.prefixes : undefined;
  return prefixes === undefined || prefixes.some((known) => shownSecret(credential).reveal().startsWith(known));
}

/** Of a login the access token, or the refresh token where that is all there is. */
function shownSecret(credential: Credential): Secret {
  if (credential.kind === "api_key") return credential.key;
  if (credential.kind === "token") return credential.token;
  return credential.access.isBlank ? credential.refresh : credential.access;
}

/** Longest first, over all ways of authenticating: people paste a key of one kind where another is asked for. */
function publishedPrefixes(auth: readonly AuthMethod[]): string[] {
  return auth.flatMap((method) => ("prefixes" in method ? (method.prefixes ?? []) : [])).sort((a, b) => b.length - a.length);
}
