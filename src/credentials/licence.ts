import type { LoadedConfig } from "../config/loaded-config.ts";
import type { LicenceOfUse } from "../provider/login-method.ts";
import { isVendorToolSecret } from "./authorize.ts";
import type { AuthProfile, Credential } from "./profile.ts";

/** What a credential may be used for, and who says so. */
export interface Licence {
  readonly use: LicenceOfUse;
  /** A person in the config; the login that it was made by; the secret's published prefix; what is known of the provider. */
  readonly saidBy: "config" | "login" | "secret" | "provider";
  /** With `config`: what would hold without the person's word. */
  readonly insteadOf?: LicenceOfUse;
}

type Licensed = Pick<AuthProfile, "id" | "provider" | "credential" | "login">;

/** Logins that their vendor forbids outside its own programs; see the vendors' files. */
const FORBIDDEN_LOGINS: ReadonlySet<string> = new Set(["google-gemini-cli", "google-antigravity"]);

/** `signalbox.licences.<profileId>` is a person's word about their own agreement, and counts for more than what we know. */
export function licenceOf(profile: Licensed, { value }: Pick<LoadedConfig, "value">): Licence {
  const stated = value.signalbox?.licences?.[profile.id];
  const known = knownLicence(profile);
  return stated === undefined ? known : { use: stated, saidBy: "config", insteadOf: known.use };
}

function knownLicence({ provider, credential, login }: Licensed): Licence {
  if (isVendorToolSecret(credential)) return { use: "vendor-tool-only", saidBy: "secret" };
  if (login !== undefined) return { use: login.licence, saidBy: "login" };
  return { use: credential.kind === "oauth" && FORBIDDEN_LOGINS.has(provider) ? "vendor-tool-only" : "own-client", saidBy: "provider" };
}

/** The profile with its licence in the credential, where `authorize` sees it, as far as the secret's own shape does not tell it. */
export function licensed<T extends AuthProfile>(profile: T, config: Pick<LoadedConfig, "value">): T {
  const { use, saidBy } = licenceOf(profile, config);
  if (saidBy === "secret" || use === "own-client") return saidBy === "config" ? withLicence(profile, use) : profile;
  return withLicence(profile, use);
}

function withLicence<T extends AuthProfile>(profile: T, licence: LicenceOfUse): T {
  const credential: Credential = { ...profile.credential, licence };
  return { ...profile, credential };
}
