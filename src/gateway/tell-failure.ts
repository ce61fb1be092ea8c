import { refText } from "../catalog/model-ref.ts";
import type { FailureDetail, FailureReason, UpstreamFailure } from "../chat/failure.ts";
import { isoTime } from "../kernel/duration.ts";
import { PROXY_FAILED } from "../kernel/http.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { Passed } from "../routing/failover-plan.ts";
import type { Ran, Refusal } from "../routing/run-types.ts";
import { isVerdict } from "../routing/run-state.ts";
import type { Refused } from "./guard.ts";

type Row = Pick<Refused, "status" | "type"> & { readonly says: string };

/** What a client is told. A credential of ours that fails is no fault of the client's key, so it is never a 401. */
const ROWS: Readonly<Record<FailureReason, Row>> = {
  auth: { status: 502, type: "upstream", says: "the vendor did not accept the account" },
  permission: { status: 502, type: "upstream", says: "the account may not use this model" },
  billing: { status: 502, type: "upstream", says: "the account has nothing left to pay with" },
  rate_limit: { status: 429, type: "rate_limit", says: "the vendor's rate limit is reached" },
  usage_limit: { status: 429, type: "rate_limit", says: "the account's usage limit is reached" },
  overloaded: { status: 503, type: "overloaded", says: "the vendor is overloaded" },
  timeout: { status: 504, type: "timeout", says: "the vendor did not answer in time" },
  network: { status: 502, type: "upstream", says: "the connection to the vendor failed" },
  context_length: { status: 400, type: "invalid_request", says: "the request is longer than the model's context" },
  content_filter: { status: 400, type: "invalid_request", says: "the vendor's content filter stopped it" },
  format: { status: 400, type: "invalid_request", says: "the vendor did not accept the request" },
  model_not_found: { status: 404, type: "not_found", says: "the vendor does not have this model" },
  unknown: { status: 502, type: "upstream", says: "the vendor failed" },
  cancelled: { status: 503, type: "overloaded", says: "the gateway is stopping" },
};

/** Stronger than what the row says. */
const SAYS: Readonly<Partial<Record<FailureDetail, string>>> = {
  cut: "the answer broke off before its end",
  proxy: PROXY_FAILED,
};

/** Faults of the request itself: the vendor's own words help who sent it. */
const CALLERS: ReadonlySet<FailureReason> = new Set(["context_length", "content_filter", "format"]);
const CODES: Readonly<Partial<Record<FailureReason, string>>> = { context_length: "context_length_exceeded", content_filter: "content_filter" };
const LONGEST_MESSAGE = 500;

/** One failure, within a stream or at the end of all attempts. */
export function tellFailure(failure: UpstreamFailure): Refused {
  const { status, type, says } = ROWS[failure.reason];
  const sentence = (failure.detail === undefined ? undefined : SAYS[failure.detail]) ?? says;
  const words = CALLERS.has(failure.reason) && failure.detail !== "answer_too_large" ? said(failure) : undefined;
  const tooLarge = failure.detail === "answer_too_large";
  return {
    status: tooLarge ? 502 : status,
    type: tooLarge ? "upstream" : type,
    message: tooLarge ? "the vendor's answer is larger than what is passed on" : words === undefined ? sentence : `${sentence}: ${words}`,
    code: CODES[failure.reason] ?? failure.reason,
  };
}

/** A failure within an answer of which the client has a part. */
export function tellCut(failure: UpstreamFailure): Refused {
  const told = tellFailure(failure);
  if (failure.reason === "network") return { ...told, message: "the answer broke off before its end: the connection to the vendor ended" };
  return failure.reason === "timeout" ? { ...told, message: "the answer broke off before its end: the vendor fell silent" } : told;
}

/** The same, where others were to go on with it. */
export function tellAbandoned(failure: UpstreamFailure, { triedOthers }: { readonly triedOthers: boolean }): Refused {
  const told = tellCut(failure);
  return triedOthers ? { ...told, message: `${told.message}, and nobody else goes on with the same words` } : told;
}

/** A request for vectors that no other format can say. It is never worth to ask again with the same. */
export const INPUT_OF_ONE_MODEL: Refused = {
  status: 400,
  type: "invalid_request",
  message: "input is neither a text nor a list of texts: tokens go to models of OpenAI's formats alone, and no model that could answer speaks one",
  code: "input_not_translated",
};

/** Nobody answered: the most useful of what was said, and when it may be worth to ask again. `fault`: of the request, where it keeps everybody from answering. */
export function tellExhausted({ refusals: all, passedOver, retryAfterMs }: Extract<Ran<unknown>, { kind: "exhausted" }>, fault?: Refused): Refused {
  const refusals = all.filter(isVerdict);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  const mistake = refusals.find(({ failure }) => CALLERS.has(failure.reason));
  const last = mistake ?? refusals.at(-1);
  if (last === undefined) return fault ?? { ...tellUnasked(passedOver), ...wait };
  const told = tellFailure(last.failure);
  const isLimit = refusals.every(({ failure }) => failure.reason === "rate_limit" || failure.reason === "usage_limit");
  if (mistake === undefined && retryAfterMs !== undefined && !isLimit && told.type === "rate_limit")
    return { ...told, ...wait, status: 503, type: "overloaded" };
  return { ...told, ...wait };
}

function tellUnasked(passedOver: readonly Passed[]): Refused {
  const rests = passedOver.filter(({ untilMs }) => untilMs !== undefined);
  if (rests.length > 0)
    return { status: 503, type: "overloaded", message: "every account and model that could answer rests after failures", code: "all_resting" };
  const otherDialect = passedOver.length > 0 && passedOver.every(({ reason }) => reason === "other_dialect");
  if (otherDialect)
    return {
      status: 400,
      type: "invalid_request",
      message: "no model that could answer speaks this format; ask at the path of its own format",
      code: "other_dialect",
    };
  const first = passedOver.find(({ reason }) => reason === "withheld");
  const left = passedOver.find(({ reason }) => reason === "delegated");
  if (first === undefined && left !== undefined) return tellDelegated(left);
  const why = first === undefined ? "" : `: ${first.model} ${first.why}`;
  return { status: 503, type: "overloaded", message: `no model and account could be asked${why}`, code: "nobody_to_ask" };
}

/** Whoever sends requests cannot know it: their own key is in order. */
function tellDelegated({ model }: Passed): Refused {
  const why = `${model} is answered by another program with a login of its own, which the gateway cannot use`;
  const what = "ask a model that has an account here, or put one into the chain (models auth add, models set)";
  return { status: 503, type: "overloaded", message: `no model and account could be asked: ${why}; ${what}`, code: "nobody_to_ask" };
}

/** Each candidate and its reason, for who looks into an error. */
export function details(refusals: readonly Refusal[], passedOver: readonly Passed[]): Record<string, unknown> {
  return {
    attempts: refusals.map(({ candidate, failure, tookMs, without }) => ({
      model: refText(candidate.model.ref),
      profile: candidate.profile?.id ?? null,
      reason: failure.reason,
      detail: failure.detail ?? null,
      status: failure.status ?? null,
      took_ms: Math.round(tookMs),
      ...(without !== undefined && { asked_again_without: without }),
    })),
    passed_over: passedOver.map(({ model, profileId, reason, why, untilMs }) => ({
      model,
      profile: profileId ?? null,
      reason,
      why,
      until: untilMs === undefined ? null : isoTime(untilMs),
    })),
  };
}

/** A vendor's sentence without secrets and without what a terminal would obey. */
function said({ message }: UpstreamFailure): string | undefined {
  const safe = redactStrictly(message ?? "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .trim()
    .slice(0, LONGEST_MESSAGE);
  return safe === "" ? undefined : safe;
}
