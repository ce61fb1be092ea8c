import { assertNever } from "../kernel/errors.ts";
import { type AuthProfile, awaitsLookup, type Credential } from "./profile.ts";

/**
 * What expiry alone tells of a credential; nobody is asked.
 * `static`: has no expiry. `missing`: the place for the secret is there, the secret is not.
 */
export type Health = "ok" | "static" | "expiring" | "expired" | "missing";

/**
 * An access token that somebody renews counts as ok, however near its end is. Past its end it does so only where this program renews it: another one
 * may never be started again. One without an expiry counts as missing, as it always did. A secret that nobody looked up yet counts as there.
 */
export function healthOf(profile: Pick<AuthProfile, "credential" | "reference" | "unresolved" | "login">, nowMs: number, warnWithinMs: number): Health {
  const { credential } = profile;
  switch (credential.kind) {
    case "api_key":
      return credential.key.isBlank && !awaitsLookup(profile) ? "missing" : "static";
    case "token":
      return credential.token.isBlank && !awaitsLookup(profile) ? "missing" : byExpiry(expiryOf(profile), nowMs, warnWithinMs, "static");
    case "oauth": {
      if (credential.access.isBlank && credential.refresh.isBlank) return "missing";
      const health = byExpiry(expiryOf(profile), nowMs, warnWithinMs, profile.login === undefined ? "missing" : "ok");
      if (health === "missing" || (health === "expired" && !isRenewedHere(profile))) return health;
      return isRefreshable(profile) ? "ok" : health;
    }
    default:
      return assertNever(credential);
  }
}

/** Milliseconds since 1970; undefined when the credential has none or an impossible one. */
export function expiryOf(profile: Pick<AuthProfile, "credential">): number | undefined {
  const { credential } = profile;
  const expiresAtMs = credential.kind === "api_key" ? undefined : credential.expiresAtMs;
  return expiresAtMs !== undefined && Number.isFinite(expiresAtMs) && expiresAtMs > 0 ? expiresAtMs : undefined;
}

/** A login that can get itself a new access token, as far as anybody was told; from this program or from the one that made it. */
export function isRefreshable({ credential, login }: Pick<AuthProfile, "credential" | "login">): boolean {
  return credential.kind === "oauth" && !credential.refresh.isBlank && login?.needsLogin === undefined;
}

/** A login that this program renews when it is next asked. One of another program is sent as it is, and never past its end. */
export function isRenewedHere(profile: Pick<AuthProfile, "credential" | "login">): boolean {
  return profile.login !== undefined && isRefreshable(profile);
}

/** As the agents' own check counts it, which renew such a login themselves at its next use. */
export function healthToAgents({
  health,
  refreshable,
  login,
}: {
  readonly health: Health;
  readonly refreshable: boolean;
  readonly login: object | null;
}): Health {
  return health === "expired" && refreshable && login === null ? "ok" : health;
}

/** What to do about a login that is past its end, as a sentence. */
export function expiredLoginHint({ provider, login }: { readonly provider: string; readonly login?: object | null | undefined }): string {
  if (login != null) return "Log in again.";
  return `Only the program that made it renews it: use that once, or make a login of your own: \`{cli} models auth login --provider ${provider}\`.`;
}

/** Nothing is there that could be sent to a vendor. */
export function isBlank(credential: Credential): boolean {
  switch (credential.kind) {
    case "api_key":
      return credential.key.isBlank;
    case "token":
      return credential.token.isBlank;
    case "oauth":
      return credential.access.isBlank && credential.refresh.isBlank;
    default:
      return assertNever(credential);
  }
}

function byExpiry(expiresAtMs: number | undefined, nowMs: number, warnWithinMs: number, without: Health): Health {
  if (expiresAtMs === undefined) return without;
  if (expiresAtMs <= nowMs) return "expired";
  return expiresAtMs - nowMs <= warnWithinMs ? "expiring" : "ok";
}
