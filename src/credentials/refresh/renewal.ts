import type { RefreshMachine, StoredCredential } from "../../kernel/refresh-machine.ts";
import { isOver, spreadOf } from "./login-memory.ts";
import type { FreshCredential, OwnLogin, RefreshInput, RefreshProblem } from "./refresh-input.ts";
import { gone } from "./refresh-problems.ts";
import { type Due, dueOf, expiresAtMs, USUAL_LIFETIME_S } from "./renewal-times.ts";
import { storedNow } from "./stored-entry.ts";

/**
 * `when-due`: what is not due is left alone. `rejected`: somebody did not accept the access token although it has not expired. `forced`: a person says so,
 * and knows better than our notes.
 */
export type RenewWhy = "when-due" | "rejected" | "forced";

/** One renewal, with all that it needs. */
export interface Renewal {
  readonly input: RefreshInput;
  readonly machine: RefreshMachine;
  readonly place: StoredCredential;
  readonly key: string;
  /** As the caller saw it. */
  readonly seen: OwnLogin;
  readonly why: RenewWhy;
}

/** How near its end a login is, by both clocks. */
export function dueNow({ credential, login }: OwnLogin, key: string, { host }: Pick<RefreshInput, "host">): Due {
  if (isOver(host, key, credential)) return "expired";
  const endMs = credential.expiresAtMs ?? expiresAtMs(login.obtainedAtMs, USUAL_LIFETIME_S);
  const times = { expiresAtMs: endMs, obtainedAtMs: login.obtainedAtMs, lifetimeSeconds: login.lifetimeSeconds };
  return dueOf(times, host.nowMs(), spreadOf(host, `${key} ${login.generation}`));
}

/** What a problem leaves: the old token as long as it lives. */
export function stillGood(profile: OwnLogin, due: Due, problem: RefreshProblem): FreshCredential {
  return due === "expired" ? { kind: "unusable", profile, problem } : { kind: "fresh", how: "current", profile, problem };
}

/** Somebody else changed the entry meanwhile: theirs counts. */
export function taken(before: OwnLogin, input: RefreshInput): FreshCredential {
  const found = storedNow(input, before);
  return found === undefined ? { kind: "unusable", profile: before, problem: gone(before) } : { kind: "fresh", how: "adopted", profile: found };
}

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

/** 1, 2, 4 … 60 s, anything between none and all of it, so that not all who failed together come back together. */
export function backoffMs(before: OwnLogin, { host }: Pick<RefreshInput, "host">): number {
  return host.random() * Math.min(FIRST_BACKOFF_MS * 2 ** failuresOf(before), LONGEST_BACKOFF_MS);
}

/** In a row. */
export function failuresOf({ login }: OwnLogin): number {
  return login.lastRefresh?.outcome === "failed" ? (login.lastRefresh.failures ?? 1) : 0;
}
