import type { FailureReason } from "../chat/failure.ts";
import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import { failuresToRest } from "./rests.ts";
import { AFTER_FAILURE, type AfterFailure, type Rest } from "./failure-policy.ts";

/** What a vendor's answer, or its silence, would set off, as data and as one sentence. */
export interface Outcome {
  event: string;
  reason: FailureReason;
  /** Whether the same account is asked once more, and when. */
  again: AfterFailure["again"];
  /** The account of the same model that is asked next; null when there is none, or none is asked. */
  nextProfile: string | null;
  /** The model that is asked when no account of this one is left; null when there is none, or none is asked. */
  nextModel: string | null;
  /** What rests, and how long after the first such failure. */
  rest: { key: Rest["key"]; firstMs: number; longestMs: number } | null;
  sentence: string;
}

/** Who is asked first, and who would be next. */
export interface Asked {
  /** undefined where another program or nobody holds the credential. */
  readonly profile: string | undefined;
  readonly canRefresh: boolean;
  readonly model: string;
  readonly provider: string;
  readonly nextProfile: string | undefined;
  readonly nextModel: string | undefined;
  /** From `ref@profile`: never left for another account. */
  readonly pinned: boolean;
}

const EVENTS: readonly (readonly [string, FailureReason])[] = [
  ["401", "auth"],
  ["402", "billing"],
  ["429", "rate_limit"],
  ["429, for hours", "usage_limit"],
  ["500", "unknown"],
  ["503", "overloaded"],
  ["silence", "timeout"],
];

export function outcomesOf(first: Asked): Outcome[] {
  return EVENTS.map(([event, reason]) => outcome(event, reason, AFTER_FAILURE[reason], first));
}

function outcome(event: string, reason: FailureReason, policy: AfterFailure, first: Asked): Outcome {
  const again = policy.again === "once-after-refresh" && !first.canRefresh ? "no" : policy.again;
  const nextProfile = policy.nextProfile && !first.pinned ? (first.nextProfile ?? null) : null;
  const nextModel = policy.nextModel === "no" ? null : (first.nextModel ?? null);
  const rest = policy.rest.key === "none" ? null : { key: policy.rest.key, firstMs: policy.rest.firstMs, longestMs: policy.rest.longestMs };
  const parts = [againText(again, nextProfile ?? nextModel), restText(policy.rest, first, reason), nextText(nextProfile, nextModel)];
  return { event, reason, again, nextProfile, nextModel, rest, sentence: `${parts.filter((part) => part !== "").join("; ")}.` };
}

function againText(again: AfterFailure["again"], next: string | null): string {
  switch (again) {
    case "no":
      return "";
    case "once":
      return "asked once more at once";
    case "once-after-refresh":
      return "the login is renewed and asked once more";
    case "on-short-hint":
      return next === null ? "asked again when its rest is over, if that is within 2m" : "";
    case "once-when-nothing-else-is-left":
      return next === null ? "asked once more, for nothing else is left" : "";
    default:
      return assertNever(again);
  }
}

function restText({ key, firstMs, longestMs, endsWithNewCredential, hint }: Rest, { profile, model, provider }: Asked, reason: FailureReason): string {
  if (key === "none") return "";
  const account = profile ?? `the login of ${provider}`;
  const rests = {
    profile: account,
    "profile+model": `${account} at ${model}`,
    "profile+model-family": `${account} at ${model} and its family`,
    "provider+model": model,
    endpoint: `the endpoint of ${provider}, after ${failuresToRest(reason)} such failures in a row,`,
    "endpoint+model": model,
  }[key];
  const time = firstMs === longestMs ? shortTime(firstMs) : `${shortTime(firstMs)}, doubling up to ${shortTime(longestMs)}`;
  if (endsWithNewCredential === true) return `${rests} rests until its credential changes (tried again after ${time})`;
  return `${rests} rests ${hint === "counts" ? `as long as the vendor says, else ${time}` : time}`;
}

function nextText(nextProfile: string | null, nextModel: string | null): string {
  if (nextProfile !== null) return nextModel === null ? `next is ${nextProfile}` : `next is ${nextProfile}, then ${nextModel}`;
  return nextModel === null ? "the caller gets the error" : `next is ${nextModel}`;
}

/** "12s", "4m", "3d 2h". */
export function shortTime(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)}s` : shortDuration(ms);
}
