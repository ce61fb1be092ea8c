import { canBeOf } from "../credentials/fingerprint.ts";
import { licenceOf } from "../credentials/licence.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { Examined } from "./facts.ts";

/** What the vendor's file says of such a credential. It holds for the vendor's licence: where the person's own word is another, it is not so. */
export function vendorNote(profile: AuthProfile, { registry, config }: Pick<Examined, "registry" | "config">): string | null {
  const method = registry.get(profile.provider)?.provider.auth.find(({ kind }) => kind === profile.credential.kind);
  if (method?.note === undefined || !canBeOf(profile.credential, method)) return null;
  const { use, insteadOf = use } = licenceOf(profile, config);
  return insteadOf === use ? method.note : null;
}
