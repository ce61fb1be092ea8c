import type { UpstreamFailure } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";
import { openBreakerWindow } from "./breaker-window.ts";
import type { Candidate, Resting } from "./failover-plan.ts";
import { afterFailure } from "./failure-policy.ts";
import type { Limits } from "./limits.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { openRestBook } from "./rest-book.ts";
import { changesWithAccount, endpointOf, restKeyOf } from "./rest-key.ts";
import type { RestChange } from "./rest-view.ts";
import { overrideRow } from "../state/override.ts";
import { REST_SCOPES } from "../state/rest-subject.ts";
import { PROBE_EVERY_MS, restAfter } from "./rests.ts";

/** A try that nobody ended belongs to nobody after this long. */
const TRIAL_MS = 60_000;

/** What we remember of accounts, models and addresses: failures in a row, rests until. What it does to a disk fails no request. */
export interface Ledger {
  /** As this machine's processes have it, a quarter of a second old at most. */
  rows(): Promise<ReadonlyMap<string, RestRow>>;
  /** The same, where nothing has to be read for it. */
  rowsAtHand(): ReadonlyMap<string, RestRow> | undefined;
  failed(candidate: Candidate, failure: UpstreamFailure, startedMs: number): void;
  /** A failure of what had `begun`. */
  brokeOff(candidate: Candidate, failure: UpstreamFailure, startedMs: number): void;
  /** The first content of a stream is in hand: rests are over. What is counted against an address counts on until the answer is whole. */
  begun(candidate: Candidate, startedMs: number): void;
  /** What had `begun` is whole. */
  completed(candidate: Candidate, startedMs: number): void;
  /** `startedMs`: rests that began later stay. */
  succeeded(candidate: Candidate, startedMs: number): void;
  /** Whether this request is the one that tries it. `probe`: though its rest is not over. */
  claim(resting: Pick<Resting, "candidate" | "rows">, as: "trial" | "probe"): Promise<boolean>;
  /** A try that came to nothing: somebody else may try. */
  release(candidate: Candidate): void;
  /** Ends rests at once, for all processes. Resolves to the rows that there were. */
  clear(keys: readonly string[]): Promise<readonly RestRow[]>;
  flush(): Promise<void>;
}

export interface LedgerInput {
  readonly host: Pick<Host, "nowMs" | "monotonicMs" | "random" | "wait">;
  readonly store: StateStore;
  /** Read at each failure. */
  readonly limits: Pick<Limits, "cooldowns">;
  readonly markOf: PlanFacts["markOf"];
}

export function openLedger({ host, store, limits, markOf }: LedgerInput): Ledger {
  const book = openRestBook(host, store);
  const window = openBreakerWindow();
  const by = `${Math.floor(host.random() * 2 ** 48).toString(36)}-${host.nowMs().toString(36)}`;
  const failed = (candidate: Candidate, failure: UpstreamFailure, startedMs: number, how: "failed" | "broke off"): void => {
    const { scope } = afterFailure(failure).rest;
    const key = scope === "none" ? undefined : restKeyOf(scope, candidate);
    const atMs = host.nowMs();
    const endpoint = endpointOf(candidate.model);
    const isMostly = scope === "endpoint" ? window.note(endpoint, how, atMs) : how === "failed" && window.note(endpoint, "answered", atMs);
    const noted = { failure, startedMs, atMs, random: host.random(), ...markFor(candidate, failure, markOf), ...(isMostly && { isMostly: true as const }) };
    const changes: RestChange[] = keysOf(candidate)
      .filter((one) => one !== key)
      .map((one) => ({ key: one, change: (row) => (row === undefined ? undefined : afterAnswer(row, failure, startedMs, by)) }));
    if (key !== undefined) changes.push({ key, change: (row) => restAfter(key, row, noted, limits.cooldowns, candidate.model.ref.provider) });
    book.note(changes);
  };
  const ended = (candidate: Candidate, startedMs: number, stays: (row: RestRow) => boolean): void => {
    if (book.isEmpty() && candidate.legacyUntilMs === undefined) return;
    book.note([...keysOf(candidate).map((key) => ({ key, change: endedBy(startedMs, stays) })), ...overridden(candidate, host.nowMs())]);
  };
  const answered = ({ model }: Candidate): boolean => window.note(endpointOf(model), "answered", host.nowMs());
  return {
    rows: () => book.rows(),
    rowsAtHand: () => book.rowsAtHand(),
    failed: (candidate, failure, startedMs) => failed(candidate, failure, startedMs, "failed"),
    brokeOff: (candidate, failure, startedMs) => failed(candidate, failure, startedMs, "broke off"),
    succeeded: (candidate, startedMs) => {
      answered(candidate);
      ended(candidate, startedMs, () => false);
    },
    begun: (candidate, startedMs) => {
      answered(candidate);
      ended(candidate, startedMs, isCounting);
    },
    completed: (candidate, startedMs) => ended(candidate, startedMs, () => false),
    claim: ({ candidate, rows }, as) => {
      const seeds = new Map(rows.map((row) => [row.key, row]));
      const keys = rows.length > 0 ? [...seeds.keys()] : keysOf(candidate);
      const nowMs = host.nowMs();
      const isDue = (row: RestRow): boolean => (as === "trial" ? row.untilMs <= nowMs : nowMs - (row.probedMs ?? 0) >= PROBE_EVERY_MS);
      const isFree = (row: RestRow): boolean => isDue(row) && (row.trial === undefined || row.trial.untilMs <= nowMs);
      const trial = { by, untilMs: nowMs + TRIAL_MS };
      return book.claim({ keys, seeds, isFree, taken: (row) => ({ ...row, trial, ...(as === "probe" && { probedMs: nowMs }) }) });
    },
    release: (candidate) => book.note(keysOf(candidate).map((key) => ({ key, change: (row) => row && withoutTrial(row, by) }))),
    clear: (keys) => book.clear(keys),
    flush: () => book.flush(),
  };
}

function endedBy(startedMs: number, stays: (row: RestRow) => boolean): RestChange["change"] {
  return (row) => (row !== undefined && (row.sinceMs > startedMs || stays(row)) ? row : undefined);
}

/** Failures of an address that are too few yet for a rest. */
function isCounting({ key, lastRestMs }: RestRow): boolean {
  return lastRestMs === 0 && key.startsWith("endpoint ");
}

/** A rest in the auth store that an older agent gave is not taken out there, but it counts no longer. */
function overridden({ profile, legacyUntilMs }: Candidate, nowMs: number): RestChange[] {
  if (profile === undefined || legacyUntilMs === undefined) return [];
  const row = overrideRow(profile.id, legacyUntilMs, nowMs);
  return [{ key: row.key, change: () => row }];
}

function keysOf(candidate: Candidate): string[] {
  return REST_SCOPES.flatMap((scope) => restKeyOf(scope, candidate) ?? []);
}

/** Only where a new secret is another account, or where the failure was about the secret itself. */
function markFor({ profile }: Candidate, failure: UpstreamFailure, markOf: PlanFacts["markOf"]): { credential?: string } {
  const { scope, endsWithNewCredential } = afterFailure(failure).rest;
  if (profile === undefined || !scope.startsWith("profile")) return {};
  const credential = endsWithNewCredential === true || changesWithAccount(profile.credential) ? markOf(profile) : undefined;
  return credential === undefined ? {} : { credential };
}

/** Rows that a failure is not about: some it disproves, of the others it gives back the try. */
function afterAnswer(row: RestRow, failure: UpstreamFailure, startedMs: number, by: string): RestRow | undefined {
  const isOlder = row.sinceMs <= startedMs;
  const { shows } = afterFailure(failure);
  if (isOlder && row.key.startsWith("endpoint ") && shows !== "nothing") return undefined;
  if (isOlder && row.key.startsWith("profile ") && row.reason === "auth" && shows === "the credential is accepted") return undefined;
  return withoutTrial(row, by);
}

function withoutTrial(row: RestRow, by: string): RestRow {
  if (row.trial?.by !== by) return row;
  const { trial: _, ...rest } = row;
  return rest;
}
