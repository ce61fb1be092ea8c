import type { AuthProfile } from "./profile.ts";

/** Of a credential that is refused, where nobody knows where it comes from. */
export const REPLACE_HINT = "Check that it was not revoked, or put a new one in its place: `{cli} models auth add`.";

/** The same hint, as it fits where the refused credential comes from; any other hint as it is. */
export function fittingHint(hint: string | null, profile: Pick<AuthProfile, "origin" | "provider" | "reference" | "login"> | undefined): string | null {
  if (hint !== REPLACE_HINT || profile === undefined) return hint;
  const { origin, provider, reference, login } = profile;
  const variable = origin.kind === "env" ? origin.variable : reference?.kind === "env" ? reference.variable : undefined;
  if (variable !== undefined) return `Check that it was not revoked, or set ${variable} to a new one.`;
  if (origin.kind === "given") return "Check that it was not revoked, or give `openSignalbox` a new one.";
  if (origin.kind === "config") return `Check that it was not revoked, or put a new one in models.providers.${provider}.apiKey of the config.`;
  return login === undefined ? hint : `Log in again: \`{cli} models auth login ${provider}\`.`;
}
