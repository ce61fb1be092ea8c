import { type FailureReason, LONG_LIMIT_MS, type UpstreamFailure } from "../chat/failure.ts";
import { isMisdated } from "../state/read-rests.ts";
import type { RestRow } from "../state/state-store.ts";
import { afterFailure, type Rest } from "./failure-policy.ts";
import type { CooldownSettings } from "./limits.ts";

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;

/** So many failures in a row close an address. A silence of a minute weighs more than an answer that says no at once. */
export const BREAKER_FAILURES = 5;
const TIMEOUT_WEIGHS = 3;
/** How many failures of this kind alone close an address. */
export function failuresToRest(reason: FailureReason): number {
  return Math.ceil(BREAKER_FAILURES / (reason === "timeout" ? TIMEOUT_WEIGHS : 1));
}

/** Failures of an address are forgotten after this long without one. */
const BREAKER_WINDOW_MS = 30 * SECOND;
/** While nothing else is left, one request in this time tries what rests. */
export const PROBE_EVERY_MS = 30 * SECOND;

/** A failure as it is noted. */
export interface NotedFailure {
  readonly failure: UpstreamFailure;
  readonly startedMs: number;
  readonly atMs: number;
  /** From 0 up to 1, drawn once: whoever works the row out again gets the same. */
  readonly random: number;
  /** A mark of the credential; a rest ends with another one. */
  readonly credential?: string;
  /** Too many of the last requests failed, however many in a row. */
  readonly isMostly?: true;
}

/** The row after a failure. `row`: as it stood. Pure: in memory and in the state store it comes out the same. */
export function restAfter(key: string, row: RestRow | undefined, noted: NotedFailure, settings: CooldownSettings, provider: string): RestRow {
  const { failure, atMs, startedMs, credential } = noted;
  const rest = stepsOf(failure.reason, afterFailure(failure).rest, settings, provider);
  const isVoid = row === undefined || isForgotten(row, atMs, settings) || isOther(row, credential) || isMisdated(row, atMs);
  const before = isVoid ? undefined : row;
  const hint = hintOf(failure, rest);
  // A burst that was under way when the rest began says nothing new, except how long the vendor wants to be left alone.
  if (before !== undefined && before.lastRestMs > 0 && before.untilMs > atMs && before.sinceMs >= startedMs) {
    const { trial: _, ...same } = before;
    return { ...same, untilMs: Math.max(before.untilMs, atMs + (hint ?? 0)), lastRestMs: Math.max(before.lastRestMs, hint ?? 0), sinceMs: atMs };
  }
  const failures = countAfter(before, rest, noted);
  const lastRestMs = restMs(hint, rest, failures, noted.random);
  return {
    key,
    untilMs: atMs + lastRestMs,
    failures,
    reason: failure.reason === "rate_limit" && (hint ?? 0) > LONG_LIMIT_MS ? "usage_limit" : failure.reason,
    sinceMs: atMs,
    lastRestMs,
    ...(before?.probedMs !== undefined && { probedMs: before.probedMs }),
    ...(credential !== undefined && { credential }),
  };
}

function countAfter(before: RestRow | undefined, { scope }: Rest, { failure, isMostly }: NotedFailure): number {
  const failures = before?.failures ?? 0;
  if (scope !== "endpoint" || failures >= BREAKER_FAILURES) return failures + 1;
  if (isMostly === true) return BREAKER_FAILURES;
  return Math.min(BREAKER_FAILURES, failures + (failure.reason === "timeout" ? TIMEOUT_WEIGHS : 1));
}

/** What the vendor says counts and is never cut short; without it the rest doubles, and is spread so that not all come back at once. */
function restMs(hint: number | undefined, rest: Rest, failures: number, random: number): number {
  if (hint !== undefined) return hint + random * Math.min(hint / 10, 5 * SECOND);
  const step = rest.scope === "endpoint" ? failures - BREAKER_FAILURES : failures - 1;
  if (step < 0) return 0;
  return Math.min(rest.longestMs, rest.firstMs * 2 ** Math.min(step, 30)) * (0.5 + random / 2);
}

function hintOf({ retryAfterMs }: UpstreamFailure, { hint }: Rest): number | undefined {
  return hint === "counts" && retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
}

/** The steps of a reason as the config has them. */
export function stepsOf(reason: FailureReason, rest: Rest, settings: CooldownSettings, provider: string): Rest {
  const own: Partial<Record<FailureReason, number>> = {
    rate_limit: settings.rateLimitSeconds * SECOND,
    overloaded: settings.overloadSeconds * SECOND,
    timeout: settings.networkSeconds * SECOND,
    network: settings.networkSeconds * SECOND,
    unknown: settings.networkSeconds * SECOND,
    billing: billingHours(settings, provider) * HOUR,
  };
  const firstMs = own[reason] ?? rest.firstMs;
  const longestMs = reason === "billing" ? settings.billingMaxHours * HOUR : rest.longestMs;
  return { ...rest, firstMs, longestMs: Math.max(firstMs, longestMs) };
}

function billingHours({ billingBackoffHours, billingBackoffHoursByProvider }: CooldownSettings, provider: string): number {
  return billingBackoffHoursByProvider.get(provider) ?? billingBackoffHours;
}

/** Counting begins anew: nothing failed for twice the last rest after its end, or for as long as the config says. */
export function isForgotten(
  { untilMs, lastRestMs, sinceMs }: RestRow,
  nowMs: number,
  { failureWindowHours }: Pick<CooldownSettings, "failureWindowHours">,
): boolean {
  if (lastRestMs === 0) return nowMs - sinceMs > BREAKER_WINDOW_MS;
  return nowMs - untilMs > Math.min(2 * lastRestMs, failureWindowHours * HOUR);
}

/** It was noted of another secret than the one that would be sent. */
export function isOther(row: Pick<RestRow, "credential">, credential: string | undefined): boolean {
  return row.credential !== undefined && credential !== undefined && row.credential !== credential;
}

export type RestState =
  | { readonly kind: "free" }
  | { readonly kind: "resting"; readonly untilMs: number }
  /** Its rest is over, and somebody tries it now. */
  | { readonly kind: "on trial"; readonly untilMs: number }
  /** Its rest is over, and it has not answered since. */
  | { readonly kind: "to try" };

/** How a row stands for a credential. */
export function stateOf(row: RestRow, nowMs: number, settings: Pick<CooldownSettings, "failureWindowHours">, credential?: string): RestState {
  if (row.lastRestMs === 0 || isOther(row, credential) || isMisdated(row, nowMs)) return { kind: "free" };
  if (row.untilMs > nowMs) return { kind: "resting", untilMs: row.untilMs };
  if (isForgotten(row, nowMs, settings)) return { kind: "free" };
  return row.trial !== undefined && row.trial.untilMs > nowMs ? { kind: "on trial", untilMs: row.trial.untilMs } : { kind: "to try" };
}
