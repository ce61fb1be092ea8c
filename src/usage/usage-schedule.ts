import type { FailureReason } from "../chat/failure.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What asking came to, as far as it decides when to ask again. */
export interface Asked {
  readonly isOfficial: boolean;
  readonly outcome: "told" | "silent" | "failed";
  readonly reason?: FailureReason;
  /** How long the vendor wants to be left alone. */
  readonly retryAfterMs?: number;
  /** In a row, this one included. */
  readonly failures: number;
}

export interface NextAsk {
  /** From then on the account is asked again. */
  readonly freshMs: number;
  /** For so long nobody asks, whoever wishes it. */
  readonly heldMs: number;
}

/**
 * How long an answer counts. What a vendor documents may be asked each minute; what it does not, each quarter of an hour, and after a refusal later
 * each time. Who could not be reached was not bothered: it is asked again at once.
 */
export function nextAsk({ isOfficial, outcome, reason, retryAfterMs = 0, failures }: Asked): NextAsk {
  const usualMs = isOfficial ? MINUTE_MS : 15 * MINUTE_MS;
  if (outcome === "silent") return { freshMs: 15 * MINUTE_MS, heldMs: isOfficial ? 0 : MINUTE_MS };
  if (outcome === "told") return { freshMs: usualMs, heldMs: isOfficial ? 0 : MINUTE_MS };
  if (reason === "network" || reason === "timeout" || reason === "cancelled") return { freshMs: 0, heldMs: 0 };
  const isRefusal = reason === "rate_limit" || reason === "usage_limit" || reason === "overloaded" || (reason === "permission" && !isOfficial);
  if (!isRefusal) return { freshMs: usualMs, heldMs: isOfficial ? 0 : MINUTE_MS };
  const longestMs = isOfficial ? 15 * MINUTE_MS : 6 * HOUR_MS;
  const heldMs = Math.max(retryAfterMs, Math.min(longestMs, usualMs * 2 ** Math.min(failures - 1, 10)));
  return { freshMs: heldMs, heldMs };
}
