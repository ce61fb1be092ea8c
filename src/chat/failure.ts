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

/** What exactly, where the reason alone would hide what to do about it. Policy goes by the reason; people and probes are told the detail. */
export const FAILURE_DETAILS = {
  auth: [
    "expired",
    /** The signature's time is not the vendor's: the clock of this machine is wrong. */
    "clock",
    /** The vendor does not serve this country or this address. */
    "region",
    /** The account is closed or suspended. */
    "suspended",
  ],
  permission: [
    /** Terms, a form or a subscription of the vendor come first. */
    "agreement",
  ],
  billing: [
    "balance",
    /** A limit that the account's owner or the vendor set on spending. */
    "spend_limit",
    /** The plan does not include this model. */
    "plan",
  ],
  rate_limit: [],
  usage_limit: [],
  overloaded: [
    /** The model is being loaded. */
    "loading",
  ],
  timeout: ["connect", "first_byte", "idle", "total", "vendor"],
  network: [
    "refused",
    "dns",
    "unreachable",
    "tls",
    "reset",
    /** Ended in good order, but before the answer did. */
    "cut",
    /** A web page where the API should be: a proxy, a login page, a wrong address. */
    "html",
    "redirect",
    "proxy",
  ],
  context_length: [
    /** The request has too many bytes; its tokens were not counted. */
    "bytes",
  ],
  content_filter: ["prompt", "answer"],
  format: [
    /** The vendor wants more room for the answer than was asked for. */
    "output_floor",
    /** Not the request but the answer is at fault: it is larger than what is read. */
    "answer_too_large",
    /** What was refused is our translation into the vendor's format: the request itself may be right. */
    "translated",
  ],
  model_not_found: [
    /** Nothing says that it is the model: the address may be wrong. */
    "address",
    /** There was such a model. */
    "retired",
  ],
  unknown: [
    "server",
    /** An answer without a byte in it. */
    "empty",
    /** An answer of no shape that we know. */
    "unreadable",
  ],
  cancelled: [],
} as const satisfies Record<FailureReason, readonly string[]>;

export type FailureDetail = (typeof FAILURE_DETAILS)[FailureReason][number];

/** A limit that lasts longer than this is not a rest but a state, with its end shown: `usage_limit`, not `rate_limit`. */
export const LONG_LIMIT_MS = 15 * 60_000;

/** A call that a vendor, or the way to it, did not answer. A value, not an error: routing decides on it. */
export interface UpstreamFailure {
  readonly reason: FailureReason;
  readonly detail?: FailureDetail;
  /** The HTTP status; 200 where the failure stood in the answer. Absent where none came. */
  readonly status?: number;
  /** The vendor's own word, at most 100 characters. */
  readonly code?: string;
  /** The vendor's own sentence, at most 2,000 characters. It may repeat what was asked: shown to who asked, never logged. */
  readonly message?: string;
  /** How long the vendor wants to be left alone, counted from its answer. */
  readonly retryAfterMs?: number;
  /** The vendor's name for the request, for its support. */
  readonly requestId?: string;
  /** The rule that named it, for example `openai/insufficient_quota`. */
  readonly rule: string;
}
