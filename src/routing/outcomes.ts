import type { FailureReason } from "../chat/failure.ts";
import { refText } from "../catalog/model-ref.ts";
import { shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import { remainingAfter, SHORT_HINT_MS } from "./after-refusal.ts";
import type { Candidate } from "./failover-plan.ts";
import { AFTER_FAILURE, type AfterFailure, type Rest } from "./failure-policy.ts";
import type { Limits } from "./limits.ts";
import { failuresToRest, PROBE_EVERY_MS, stepsOf } from "./rests.ts";
import type { Route } from "./route.ts";

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
  /** What rests, and the most that it rests: after the first such failure, and after any. From half to all of it is drawn. */
  rest: { key: Rest["scope"]; firstMs: number; longestMs: number } | null;
  sentence: string;
}

/** Who is asked first, and what follows from its failure is made of. */
export interface Asked {
  readonly first: Candidate;
  /** Who may be asked after it, in the order of the plan. */
  readonly others: readonly Candidate[];
  readonly strict: Route["strict"];
  readonly canRefresh: boolean;
  readonly limits: Pick<Limits, "cooldowns" | "timeouts">;
  /** The longest that one of them may take up to its first content. */
  readonly longestAttemptMs: number;
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

export function outcomesOf(asked: Asked): Outcome[] {
  return EVENTS.map(([event, reason]) => outcome(event, reason, AFTER_FAILURE[reason], asked));
}

function outcome(event: string, reason: FailureReason, policy: AfterFailure, asked: Asked): Outcome {
  const { first, canRefresh, limits } = asked;
  const again = policy.again === "once-after-refresh" && !canRefresh ? "no" : policy.again;
  const next = nextAfter(reason, asked);
  const rest = isRested(policy.rest, first) ? stepsOf(reason, policy.rest, limits.cooldowns, first.model.ref.provider) : undefined;
  const parts = [againText(again, next), restText(rest, first, reason), laterText(policy, rest, next, asked), nextText(next), lastText(rest, next)];
  return {
    event,
    reason,
    again,
    ...next,
    rest: rest === undefined ? null : { key: rest.scope, firstMs: rest.firstMs, longestMs: rest.longestMs },
    sentence: `${parts.filter((part) => part !== "").join("; ")}.`,
  };
}

type Next = Pick<Outcome, "nextProfile" | "nextModel">;

/** As the router goes on. An account of the same model that comes after another model is not the next one. */
function nextAfter(reason: FailureReason, { first, others }: Asked): Next {
  const remaining = remainingAfter(others, first, { reason, rule: "asked what would be" });
  const isSame = ({ model }: Candidate): boolean => refText(model.ref) === refText(first.model.ref);
  const [next] = remaining;
  const other = remaining.find((one) => !isSame(one));
  return {
    nextProfile: next !== undefined && isSame(next) ? (next.profile?.id ?? null) : null,
    nextModel: other === undefined ? null : refText(other.model.ref),
  };
}

function isLeft({ nextProfile, nextModel }: Next): boolean {
  return nextProfile !== null || nextModel !== null;
}

/** Where no account was asked none rests. */
function isRested({ scope }: Rest, { profile }: Candidate): boolean {
  return scope !== "none" && !(profile === undefined && scope.startsWith("profile"));
}

function againText(again: AfterFailure["again"], next: Next): string {
  switch (again) {
    case "no":
    // Such a hint is a rest: what is said of that says it.
    case "on-short-hint":
      return "";
    case "once":
      return "asked once more at once";
    case "once-after-refresh":
      return "the login is renewed and asked once more";
    case "once-when-nothing-else-is-left":
      return isLeft(next) ? "" : "asked once more, for nothing else is left";
    default:
      return assertNever(again);
  }
}

function restText(rest: Rest | undefined, { profile, model }: Candidate, reason: FailureReason): string {
  if (rest === undefined || rest.scope === "none") return "";
  const { scope, firstMs, longestMs, endsWithNewCredential, hint } = rest;
  const ref = refText(model.ref);
  const account = profile?.id ?? "";
  const rests = {
    profile: account,
    "profile+model": `${account} at ${ref}`,
    "profile+model-family": `${account} at ${ref} and its family`,
    "provider+model": ref,
    endpoint: `the endpoint of ${model.ref.provider}, after ${failuresToRest(reason)} such failures in a row,`,
    "endpoint+model": ref,
  }[scope];
  const time = `up to ${shortTime(firstMs)}${firstMs === longestMs ? "" : `, doubling up to ${shortTime(longestMs)}`}`;
  if (endsWithNewCredential === true) return `${rests} rests until its credential changes (tried again after ${time})`;
  return `${rests} rests ${hint === "counts" ? `as long as the vendor says, else ${time}` : time}`;
}

/** The request itself waits for the one that is left, where that can be worth it. */
function laterText({ later, again }: AfterFailure, rest: Rest | undefined, next: Next, { strict, limits, longestAttemptMs }: Asked): string {
  // An address rests after several failures: the first one has nothing to wait for.
  if (later === "no" || rest === undefined || rest.scope === "endpoint" || isLeft(next)) return "";
  const patienceMs = strict === "no" ? Math.max(limits.timeouts.attemptsMs, longestAttemptMs) : SHORT_HINT_MS;
  // A rest that the vendor names can be shorter.
  const canEnd = again === "on-short-hint" || rest.firstMs / 2 <= patienceMs;
  return canEnd ? `asked again when its rest is over, if that is within ${shortTime(patienceMs)}` : "";
}

function nextText({ nextProfile, nextModel }: Next): string {
  if (nextProfile !== null) return nextModel === null ? `next is ${nextProfile}` : `next is ${nextProfile}, then ${nextModel}`;
  return nextModel === null ? "the caller gets the error" : `next is ${nextModel}`;
}

function lastText(rest: Rest | undefined, next: Next): string {
  return rest === undefined || isLeft(next) ? "" : `one request in ${shortTime(PROBE_EVERY_MS)} is sent there although it rests`;
}

/** "12s", "4m", "3d 2h". */
export function shortTime(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)}s` : shortDuration(ms);
}
