/** Milliseconds since 1970, and lifetimes in seconds, as a login was told them. */
export interface LoginTimes {
  readonly expiresAtMs: number;
  readonly obtainedAtMs: number;
  readonly lifetimeSeconds?: number | undefined;
}

/** `fresh`: nothing to do. `due`: still good, but to be renewed. `expired`: no longer to be used. */
export type Due = "fresh" | "due" | "expired";

const MINUTE_MS = 60_000;
const EARLY_MS = MINUTE_MS;
const LONGEST_LEAD_MS = 10 * MINUTE_MS;

/** Where nobody says how long tokens live. */
export const USUAL_LIFETIME_S = 3600;

/** How long a token is used: a minute less than it lives, or half of a life that is shorter than two. */
export function usableMs(lifetimeSeconds: number): number {
  const lifetimeMs = lifetimeSeconds * 1000;
  return lifetimeMs - Math.min(EARLY_MS, lifetimeMs / 2);
}

/** Counted from when the request was sent: the answer may have been long on its way. */
export function expiresAtMs(sentAtMs: number, lifetimeSeconds: number): number {
  return Math.round(sentAtMs + usableMs(lifetimeSeconds));
}

/**
 * When it is to be renewed: a fifth of its life before the end, a minute at least and ten at most, and up to half of that earlier, so that not all do it at
 * one moment. `spread` is from 0 to 1, and stays for a process.
 */
export function refreshAtMs(times: LoginTimes, spread: number): number {
  const lifetimeMs = lifetimeOf(times);
  const leadMs = Math.min(Math.min(Math.max(lifetimeMs * 0.2, MINUTE_MS), LONGEST_LEAD_MS), usableMs(lifetimeMs / 1000) / 2);
  return times.expiresAtMs - leadMs * (1 + spread / 2);
}

/**
 * A clock that stands before the login was made, or further from its end than it ever lived, was set since: nothing is known then, and asking the issuer
 * settles it.
 */
export function dueOf(times: LoginTimes, nowMs: number, spread: number): Due {
  if (nowMs >= times.expiresAtMs) return "expired";
  const wasSet = times.obtainedAtMs > nowMs + MINUTE_MS || times.expiresAtMs - nowMs > lifetimeOf(times) + MINUTE_MS;
  return wasSet || nowMs >= refreshAtMs(times, spread) ? "due" : "fresh";
}

function lifetimeOf({ expiresAtMs: endMs, obtainedAtMs, lifetimeSeconds }: LoginTimes): number {
  return lifetimeSeconds === undefined ? Math.max(0, endMs - obtainedAtMs) : lifetimeSeconds * 1000;
}
