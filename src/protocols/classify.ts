import { type FailureReason, LONG_LIMIT_MS, type UpstreamFailure } from "../chat/failure.ts";
import { type AnswerFacts, type Evidence, readEvidence } from "./error-body.ts";
import { applies, type FailureRule } from "./failure-rule.ts";
import { textAt } from "../kernel/json-value.ts";
import { exhaustedUntilMs, retryAfterMs } from "./reset-hint.ts";

/** After these a vendor's wish to be left alone means something. */
const RESTING: ReadonlySet<FailureReason> = new Set(["billing", "rate_limit", "usage_limit", "overloaded", "timeout", "network", "unknown"]);
const REQUEST_ID_HEADERS = ["x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-generation-id", "cf-ray"];
const SHOWN_TEXT_CHARACTERS = 200;
const CODE_CHARACTERS = 100;

/** Names a failure by the first rule that applies. A limit whose end is further away than a rest lasts is a `usage_limit`. */
export function classifyBy(rules: readonly FailureRule[], facts: AnswerFacts): UpstreamFailure {
  const evidence = readEvidence(facts);
  const rule = rules.find((candidate) => applies(candidate, evidence));
  const named = rule?.reason ?? "unknown";
  const wait = hintFor(named, evidence);
  const reason = named === "rate_limit" && wait !== undefined && wait > LONG_LIMIT_MS ? "usage_limit" : named;
  const code = codeOf(evidence);
  const message = shownMessage(evidence);
  const requestId = requestIdOf(evidence);
  return {
    reason,
    ...(rule?.detail === undefined ? {} : { detail: rule.detail }),
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
    rule: rule?.id ?? "none",
  };
}

function hintFor(reason: FailureReason, evidence: Evidence): number | undefined {
  if (!RESTING.has(reason)) return undefined;
  const stated = retryAfterMs(evidence);
  return stated ?? (reason === "rate_limit" || reason === "usage_limit" ? exhaustedUntilMs(evidence) : undefined);
}

/** The vendor's own spelling, the most exact one that it gives. */
function codeOf({ error, root }: Evidence): string | undefined {
  const places = [textAt(error, "details", "error_code"), textAt(error, "code"), textAt(error, "status"), textAt(error, "type")];
  const found = [...places, textAt(error, "reason"), textAt(root, "__type"), textAt(root, "code")].find((place) => place !== undefined && place !== "");
  return found?.slice(0, CODE_CHARACTERS);
}

/** A plain text is shown in part, but no rule looks at it: it may be anything. */
function shownMessage({ message, body, facts }: Evidence): string | undefined {
  if (message !== "") return message;
  return body === "text" ? facts.body.trim().slice(0, SHOWN_TEXT_CHARACTERS) : undefined;
}

function requestIdOf({ facts, root }: Evidence): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const value = facts.headers[name];
    if (value !== undefined && value !== "") return value.slice(0, CODE_CHARACTERS);
  }
  return textAt(root, "request_id")?.slice(0, CODE_CHARACTERS);
}
