import { type FailureDetail, type FailureReason, LONG_LIMIT_MS, type UpstreamFailure } from "../chat/failure.ts";
import type { RestScope } from "../state/rest-subject.ts";

/** Refusals of the request itself: a vendor's filter stopped it; the vendor took it for wrong. */
export type RefusedRequest = Extract<FailureReason, "content_filter" | "format">;

/** How long a rest lasts: doubles with each further failure in a row. `hint`: what the vendor says counts instead. */
export interface Rest {
  /** What rests. `none`: the failure says nothing about the health of anything. */
  readonly scope: RestScope | "none";
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
  /** Whether the same candidate is asked again within this request once its rest is over. */
  readonly later: "yes" | "no";
  /** What is known from it of who was asked. */
  readonly shows: "nothing" | "somebody answers" | "the credential is accepted";
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const NO_REST: Rest = { scope: "none", firstMs: 0, longestMs: 0, hint: "ignored" };
const ENDPOINT_BREAKER: Rest = { scope: "endpoint", firstMs: 5 * SECOND, longestMs: MINUTE, hint: "counts" };

/** The whole of it. A caller's own mistake never puts a credential to rest. */
export const AFTER_FAILURE = {
  auth: {
    again: "once-after-refresh",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { scope: "profile", firstMs: 15 * MINUTE, longestMs: 6 * HOUR, hint: "ignored", endsWithNewCredential: true },
    later: "no",
    shows: "somebody answers",
  },
  permission: {
    again: "no",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { scope: "profile+model", firstMs: HOUR, longestMs: HOUR, hint: "ignored" },
    later: "no",
    shows: "the credential is accepted",
  },
  billing: {
    again: "no",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { scope: "profile", firstMs: 5 * HOUR, longestMs: 24 * HOUR, hint: "counts" },
    later: "no",
    shows: "somebody answers",
  },
  rate_limit: {
    again: "on-short-hint",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { scope: "profile+model-family", firstMs: 5 * SECOND, longestMs: 5 * MINUTE, hint: "counts" },
    later: "yes",
    shows: "the credential is accepted",
  },
  usage_limit: {
    again: "no",
    nextProfile: true,
    nextModel: "after-profiles",
    rest: { scope: "profile+model-family", firstMs: LONG_LIMIT_MS, longestMs: 31 * 24 * HOUR, hint: "counts" },
    later: "yes",
    shows: "the credential is accepted",
  },
  overloaded: {
    again: "once-when-nothing-else-is-left",
    nextProfile: false,
    nextModel: "yes",
    rest: { scope: "endpoint+model", firstMs: SECOND, longestMs: MINUTE, hint: "counts" },
    later: "yes",
    shows: "nothing",
  },
  timeout: { again: "once-when-nothing-else-is-left", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER, later: "yes", shows: "nothing" },
  network: { again: "once-when-nothing-else-is-left", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER, later: "yes", shows: "nothing" },
  context_length: { again: "no", nextProfile: false, nextModel: "larger-window", rest: NO_REST, later: "no", shows: "the credential is accepted" },
  content_filter: { again: "no", nextProfile: false, nextModel: "content-fallbacks", rest: NO_REST, later: "no", shows: "the credential is accepted" },
  format: { again: "no", nextProfile: false, nextModel: "format-fallbacks", rest: NO_REST, later: "no", shows: "somebody answers" },
  model_not_found: {
    again: "no",
    nextProfile: false,
    nextModel: "yes",
    rest: { scope: "provider+model", firstMs: 10 * MINUTE, longestMs: 10 * MINUTE, hint: "ignored" },
    later: "no",
    shows: "somebody answers",
  },
  unknown: { again: "once", nextProfile: false, nextModel: "yes", rest: ENDPOINT_BREAKER, later: "yes", shows: "nothing" },
  cancelled: { again: "no", nextProfile: false, nextModel: "no", rest: NO_REST, later: "no", shows: "nothing" },
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

/** Whether it says of the request, and not of who was asked, where it can still be answered. */
export function isOfRequest(failure: Pick<UpstreamFailure, "reason" | "detail">): boolean {
  return afterFailure(failure).rest.scope === "none";
}

/** Whether it says of the address that it fails. */
export function isOfAddress(failure: Pick<UpstreamFailure, "reason" | "detail">): boolean {
  return afterFailure(failure).rest.scope.startsWith("endpoint");
}
