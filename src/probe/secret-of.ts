import { withSecret } from "../credentials/follow-reference.ts";
import type { AuthProfile, Credential } from "../credentials/profile.ts";
import { awaitsLookup } from "../credentials/profile.ts";
import { type ResolveOptions, resolveSecret } from "../credentials/resolve-secret.ts";
import type { Host } from "../kernel/host.ts";

export type FollowedSecret =
  | { readonly kind: "credential"; readonly credential: Credential | undefined }
  | { readonly kind: "unresolved"; readonly says: { readonly error: string; readonly hint: string } };

/** The credential with its secret in it. Programs and the keychain are asked now. */
export async function followedSecret(
  profile: AuthProfile | undefined,
  { host, ...options }: ResolveOptions & { readonly host: Host },
): Promise<FollowedSecret> {
  if (profile === undefined || !awaitsLookup(profile)) return { kind: "credential", credential: profile?.credential };
  const answer = await resolveSecret(host, profile, options);
  if (answer.kind === "secret") return { kind: "credential", credential: withSecret(profile.credential, answer.secret) };
  return { kind: "unresolved", says: { error: `its secret was not found: ${answer.reason}`, hint: answer.hint } };
}
