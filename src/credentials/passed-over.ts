import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Cooldown } from "./cooldown.ts";
import { expiryOf } from "./health.ts";
import type { PassedOver } from "./order.ts";
import type { AuthProfile } from "./profile.ts";
import { referenceText } from "./reference.ts";

/** Why a profile is not asked now, as the rest of a sentence that begins with its id. `pinned`: the account that the reference names. */
export function passedOverText(passed: PassedOver, nowMs: number, pinned?: string): string {
  const { reason, profile, profileId, cooldown } = passed;
  switch (reason) {
    case "unknown":
      return profileId === pinned ? "is what the reference names, but no such account is stored" : "is listed, but no such profile is stored";
    case "other-provider":
      return `belongs to ${profile?.provider ?? "another provider"}`;
    case "mismatch":
      return `is ${profile?.provider}/${profile?.credential.kind} in the store, but ${passed.configured} in the config`;
    case "blank":
      return "holds no secret";
    case "unresolved":
      return profile === undefined ? "leads to no secret" : unresolvedText(profile);
    case "expired":
      return profile === undefined || expiryOf(profile) === undefined
        ? "has no expiry and cannot renew itself"
        : `expired ${shortDuration(nowMs - (expiryOf(profile) ?? 0))} ago`;
    case "vendor-tool-only":
      return "is allowed in its vendor's own program only";
    case "key-pair":
      return "is a pair of AWS keys, and requests from here take a Bedrock API key";
    case "not-in-order":
      return "is not in the order";
    case "hidden":
      return "is not in the config's auth.profiles";
    case "duplicate":
      return `is the same secret as ${passed.sameAs}`;
    case "cooling":
      return cooldown === undefined ? "rests" : cooldownText(cooldown, nowMs);
    default:
      return assertNever(reason);
  }
}

/** "refers to env:WORK_KEY, but the variable is not set". */
export function unresolvedText({ reference, unresolved }: AuthProfile): string {
  return `refers to ${reference === undefined ? "nothing" : referenceText(reference)}, but ${unresolved}`;
}

/** "rests for 4m (rate_limit)", "is disabled for 5h (billing)". */
export function cooldownText({ kind, reason, untilMs }: Cooldown, nowMs: number): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  return `${kind === "disabled" ? "is disabled" : "rests"} for ${shortDuration(untilMs - nowMs)}${why}`;
}
