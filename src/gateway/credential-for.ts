import { type AuthProfile, awaitsLookup, type Credential } from "../credentials/profile.ts";
import { freshCredential, refreshAfter401 } from "../credentials/refresh/fresh-credential.ts";
import type { RefreshInput } from "../credentials/refresh/refresh-input.ts";
import type { Host } from "../kernel/host.ts";
import { followedSecret } from "../probe/secret-of.ts";
import type { Generation } from "./generation.ts";
import type { AgentId } from "../kernel/ids.ts";

export type ReadyCredential =
  | { readonly kind: "credential"; readonly credential: Credential | undefined }
  /** `why`: a sentence's end. */
  | { readonly kind: "withheld"; readonly why: string };

/** What needs neither renewing nor following; undefined where `credentialFor` has to be asked. */
export function credentialAtOnce(profile: AuthProfile | undefined): ReadyCredential | undefined {
  if (profile === undefined) return { kind: "credential", credential: undefined };
  const isAtHand = profile.credential.kind === "api_key" && !awaitsLookup(profile);
  return isAtHand ? { kind: "credential", credential: profile.credential } : undefined;
}

/** The secret at the moment when it is needed: logins renewed, references followed. */
export async function credentialFor(
  host: Host,
  profile: AuthProfile | undefined,
  { generation, agentId }: { readonly generation: Generation; readonly agentId: AgentId },
): Promise<ReadyCredential> {
  if (profile === undefined) return { kind: "credential", credential: undefined };
  let used = profile;
  if (profile.credential.kind !== "api_key") {
    const fresh = await freshCredential(generation.refreshInputOf(agentId), profile);
    if (fresh.kind === "unusable") return { kind: "withheld", why: `cannot be used: ${fresh.problem.message}` };
    used = fresh.profile;
  }
  const { broker } = generation;
  const asking = { host, homeDir: broker.homeDir(), isInteractive: false, withheld: broker.registry().variables };
  const followed = await followedSecret(used, asking);
  if (followed.kind === "unresolved") return { kind: "withheld", why: `cannot be used: ${followed.says.error}` };
  return followed;
}

/** After a vendor's 401: another secret of the same login, or undefined. */
export async function renewed(input: RefreshInput, profile: AuthProfile): Promise<AuthProfile | undefined> {
  const fresh = await refreshAfter401(input, profile);
  return fresh.kind === "fresh" ? fresh.profile : undefined;
}
