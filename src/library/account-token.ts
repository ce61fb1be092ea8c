import type { Broker } from "../broker.ts";
import { handOut, type HandedOut, isVendorToolOnly } from "../credentials/authorize.ts";
import { expiryOf, isBlank } from "../credentials/health.ts";
import { unresolvedText } from "../credentials/passed-over.ts";
import { type AuthProfile, awaitsLookup, type Credential } from "../credentials/profile.ts";
import { freshCredential } from "../credentials/refresh/fresh-credential.ts";
import type { RefreshInput } from "../credentials/refresh/refresh-input.ts";
import { AppError } from "../kernel/errors.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { followedSecret } from "../probe/secret-of.ts";

/** A token that is good now: the one answer of the library with a secret in it. */
export interface AccountToken {
  readonly profileId: string;
  readonly provider: string;
  readonly type: "api_key" | "token" | "oauth";
  readonly token: string;
  /** As its vendor takes it. */
  readonly header: { readonly name: string; readonly value: string };
  /** When it stops being good, milliseconds since 1970; null where it does not, or nobody says. */
  readonly expiresAtMs: number | null;
}

/** As `models auth token` hands it out. Throws PROFILE_UNKNOWN, VENDOR_TOOL_ONLY, and why there is none: NEEDS_LOGIN, REFERENCE_UNRESOLVED, … */
export async function accountToken(broker: Broker, refreshing: RefreshInput, id: string): Promise<AccountToken> {
  const { profiles } = broker.credentials();
  const profile = profiles.find((one) => one.id === id);
  if (profile === undefined) {
    const known = profiles.map((one): string => one.id);
    throw new AppError("PROFILE_UNKNOWN", `there is no account "${id.slice(0, 100)}"`, {
      hint: `${didYouMean(id, known)} See \`{cli} models auth list\`.`.trim(),
    });
  }
  const { handed, type, expiresAtMs } = await goodToken(broker, profile, { refreshing, isInteractive: false });
  const [name, value] = handed.header;
  return { profileId: profile.id, provider: profile.provider, type, token: handed.token, header: { name, value }, expiresAtMs: expiresAtMs ?? null };
}

/** What a login that is due is renewed with; interactive where a person can answer a program that holds the secret. */
export interface TokenAsking {
  readonly refreshing: RefreshInput;
  readonly isInteractive: boolean;
}

export interface GoodToken {
  readonly handed: HandedOut;
  readonly type: Credential["kind"];
  /** Milliseconds since 1970; undefined where it does not stop being good, or nobody says. */
  readonly expiresAtMs: number | undefined;
}

/** The secret of an account as its vendor takes it. Throws VENDOR_TOOL_ONLY, and why there is none. */
export async function goodToken(broker: Broker, profile: AuthProfile, asking: TokenAsking): Promise<GoodToken> {
  refuseVendorToolOnly(broker, profile, profile.credential);
  const { credential, expiresAtMs } = await usable(broker, profile, asking);
  refuseVendorToolOnly(broker, profile, credential);
  const handed = handOut(credential, broker.registry().get(profile.provider)?.provider ?? { protocol: "openai-chat", quirks: {} });
  if (handed.kind === "withheld") throw new AppError("CREDENTIAL_SHAPE", `the secret of ${profile.id} ${handed.why}`, { hint: "Store it anew." });
  return { handed, type: credential.kind, expiresAtMs };
}

interface Usable {
  readonly credential: Credential;
  readonly expiresAtMs: number | undefined;
}

async function usable(broker: Broker, profile: AuthProfile, { refreshing, isInteractive }: TokenAsking): Promise<Usable> {
  if (profile.unresolved !== undefined)
    throw new AppError("REFERENCE_UNRESOLVED", `${profile.id} ${unresolvedText(profile)}`, { hint: profile.unresolvedHint ?? "See `{cli} doctor`." });
  const fresh = await freshCredential(refreshing, profile);
  if (fresh.kind === "unusable") throw new AppError(fresh.problem.code, fresh.problem.message, { hint: fresh.problem.hint });
  // Who renews says it himself when tokens could not be stored.
  if (fresh.problem !== undefined && fresh.problem.code !== "TOKENS_UNSAVED") refreshing.warn(`${fresh.problem.message}. ${fresh.problem.hint}`);
  if (isBlank(fresh.profile.credential) && !awaitsLookup(fresh.profile))
    throw new AppError("CREDENTIAL_MISSING", `${profile.id} holds no secret`, { hint: `See \`{cli} models auth show ${profile.id}\`.` });
  const asking = { host: broker.host, homeDir: broker.homeDir(), isInteractive, withheld: broker.registry().variables };
  const followed = await followedSecret(fresh.profile, asking);
  if (followed.kind === "unresolved") throw new AppError("REFERENCE_UNRESOLVED", `${profile.id}: ${followed.says.error}`, { hint: followed.says.hint });
  return { credential: followed.credential ?? fresh.profile.credential, expiresAtMs: expiryOf(fresh.profile) };
}

/** Names what is permitted instead. */
function refuseVendorToolOnly(broker: Broker, { id, provider }: AuthProfile, credential: Credential): void {
  if (!isVendorToolOnly(credential)) return;
  const vendor = broker.registry().get(provider)?.provider.label ?? provider;
  throw new AppError("VENDOR_TOOL_ONLY", `${id} is handed to nobody: its licence allows it in ${vendor}'s own program only`, {
    hint: `Use it in that program, or add a key that other programs may use: \`{cli} models auth paste-api-key --provider ${provider}\`. If an agreement of your own says otherwise: \`{cli} config set 'signalbox.licences["${id}"]' own-client\`.`,
  });
}
