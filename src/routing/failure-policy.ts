import { type FailureDetail, type FailureReason, LONG_LIMIT_MS, type UpstreamFailure } from "../chat/failure.ts";

/** What a rest is written down against. `none`: the failure says nothing about the health of anything. */
export type RestKey = "profile" | "profile+model" | "profile+model-family" | "provider+model" | "endpoint" | "endpoint+model" | "none";

/** How long a rest lasts: doubles with each further failure in a row. `hint`: what the vendor says counts instead. */
export interface Rest {
  readonly key: RestKey;
  readonly firstMs: number;
  readonly longestMs: number;
  readonly hint: "counts" | "ignored";
  /** A rest that a new credential ends at once. */
  readonly endsWithNewCredential?: true;
}

/**
 * What happens after a failure, in this order: the same candidate again, another profile of the same model, another model. `on-short-hint`: when
 * nobody else is left, and the vendor wants to be left alone for no longer than it is worth waiting.
 */
export interface AfterFailure {
  readonly again: "no" | "once" | "once-after-refresh" | "on-short-hint" | "once-when-nothing-else-is-left";
  readonly nextProfile: boolean;
  readonly nextModel: "yes" | "after-profiles" | "larger-window" | "content-fallbacks" | "format-fallbacks" | "no";
  readonly rest: Rest;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const NO_REST: Rest = { key: "none", firstMs: 0, longestMs: 0, hint: "ignored" };
const ENDPOINT_BREAKER: Rest = { key: "endpoint", firstMs: 5 * SECOND, longestMs: MINUTE, hint: "counts" };

/** The whole of it. A caller's own mistake never puts a credential to rest. */
export const AFTER_FAILURE = {
  auth: {
    again: "once-after-refresh",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { key: "profile", firstMs: 15 * MINUTE, longestMs: 6 * HOUR, hint: "ignored", endsWithNewCredential: true },
  },
  permission: { again: "no", nextProfile: true, nextModel: "after-profiles", rest: { key: "profile+model", firstMs: HOUR, longestMs: HOUR, hint: "ignored" } },
  billing: { again: "no", nextProfile: true, nextModel: "after-profiles", rest: { key: "profile", firstMs: 5 * HOUR, longestMs: 24 * HOUR, hint: "counts" } },
  rate_limit: {
    again: "on-short-hint",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { key: "profile+model-family", firstMs: 5 * SECOND, longestMs: 5 * MINUTE, hint: "counts" },
  },
  usage_limit: {
    again: "no",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { key: "profile+model-family", firstMs: LONG_LIMIT_MS, longestMs: 31 * 24 * HOUR, hint: "counts" },
  },
  overloaded: {
    again: "once-when-nothing-else-is-left",
    nextProfile: false,
    nextModel: "yes",
    rest: { key: "endpoint+model", firstMs: SECOND, longestMs: MINUTE, hint: "counts" },
  },
  timeout: { again: "once-when-nothing-else-is-left", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER },
  network: { again: "once-when-nothing-else-is-left", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER },
  context_length: { again: "no", nextProfile: false, nextModel: "larger-window", rest: NO_REST },
  content_filter: { again: "no", nextProfile: false, nextModel: "content-fallbacks", rest: NO_REST },
  format: { again: "no", nextProfile: false, nextModel: "format-fallbacks", rest: NO_REST },
  model_not_found: {
    again: "no",
    nextProfile: false,
    nextModel: "yes",
    rest: { key: "provider+model", firstMs: 10 * MINUTE, longestMs: 10 * MINUTE, hint: "ignored" },
  },
  unknown: { again: "once", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER },
  cancelled: { again: "no", nextProfile: false, nextModel: "no", rest: NO_REST },
} as const satisfies Record<FailureReason, AfterFailure>;

/** Where the detail says that another model may well do what this one did not. */
const AFTER_DETAIL: Readonly<Partial<Record<FailureDetail, AfterFailure>>> = {
  // The answer is at fault, not the request.
  answer_too_large: { ...AFTER_FAILURE.format, nextModel: "yes" },
  // One model's own least room for an answer.
  output_floor: { ...AFTER_FAILURE.format, nextModel: "yes" },
  // Another format may say it better.
  translated: { ...AFTER_FAILURE.format, nextModel: "yes" },
};

/** The row that counts for a failure: its detail's, else its reason's. */
export function afterFailure({ reason, detail }: Pick<UpstreamFailure, "reason" | "detail">): AfterFailure {
  return (detail === undefined ? undefined : AFTER_DETAIL[detail]) ?? AFTER_FAILURE[reason];
}
