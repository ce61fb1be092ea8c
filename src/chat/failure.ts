/** Why a call failed, as a word. Named once, where status, headers and body are at hand; afterwards nobody reads the text again. */
export const FAILURE_REASONS = [
  /** The credential is not accepted. */
  "auth",
  /** The credential is accepted, but not for this model. */
  "permission",
  /** Nothing left to pay with. */
  "billing",
  "rate_limit",
  /** A limit that lasts hours or days, with a known end. */
  "usage_limit",
  /** The vendor's fleet is busy: no account of ours is at fault. */
  "overloaded",
  "timeout",
  "network",
  "context_length",
  "content_filter",
  /** The request itself is wrong. */
  "format",
  "model_not_found",
  /** A 5xx, or anything that has no name yet. */
  "unknown",
  /** The caller has gone. */
  "cancelled",
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];
