import type { UpstreamFailure } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";
import { openBreakerWindow } from "./breaker-window.ts";
import type { Candidate, Resting } from "./failover-plan.ts";
import { afterFailure } from "./failure-policy.ts";
import type { Limits } from "./limits.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { openRestBook, type RestChange } from "./rest-book.ts";
import { changesWithAccount, endpointOf, REST_SCOPES, restKeyOf } from "./rest-key.ts";
import { overrideRow } from "../state/override.ts";
import { PROBE_EVERY_MS, restAfter } from "./rests.ts";

/** A try that nobody ended belongs to nobody after this long. */
const TRIAL_MS = 60_000;

/** What we remember of accounts, models and addresses: failures in a row, rests until. What it does to a disk fails no request. */
export interface Ledger {
  /** As this machine's processes have it, a quarter of a second old at most. */
  rows(): Promise<ReadonlyMap<string, RestRow>>;
  failed(candidate: Candidate, failure: UpstreamFailure, startedMs: number): void;
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
  readonly limits: Limits;
  readonly markOf: PlanFacts["markOf"];
}

/** Reasons after which it is known that somebody is there who answers. */
const ANSWERED: ReadonlySet<UpstreamFailure["reason"]> = new Set([
  ...(["auth", "permission", "billing", "rate_limit", "usage_limit"] as const),
  ...(["context_length", "content_filter", "format", "model_not_found"] as const),
]);
/** And after which it is known that the credential is accepted. */
const ACCEPTED: ReadonlySet<UpstreamFailure["reason"]> = new Set(["permission", "rate_limit", "usage_limit", "context_length", "content_filter"] as const);

export function openLedger({ host, store, limits, markOf }: LedgerInput): Ledger {
  const book = openRestBook(host, store);
  const window = openBreakerWindow();
  const by = `${Math.floor(host.random() * 2 ** 48).toString(36)}-${host.nowMs().toString(36)}`;
  const released = (key: string): RestChange => ({ key, change: (row) => (row === undefined ? undefined : withoutTrial(row, by)) });
  return {
    rows: () => book.rows(),
    failed: (candidate, failure, startedMs) => {
      const { key: scope } = afterFailure(failure).rest;
      const key = scope === "none" ? undefined : restKeyOf(scope, candidate);
      const atMs = host.nowMs();
      const endpoint = endpointOf(candidate.model);
      const isMostly = window.note(endpoint, scope === "endpoint" ? "failed" : "answered", atMs);
      const noted = { failure, startedMs, atMs, random: host.random(), ...markFor(candidate, failure, markOf), ...(isMostly && { isMostly: true as const }) };
      const changes: RestChange[] = keysOf(candidate)
        .filter((one) => one !== key)
        .map((one) => ({ key: one, change: (row) => (row === undefined ? undefined : afterAnswer(row, failure, startedMs, by)) }));
      if (key !== undefined) changes.push({ key, change: (row) => restAfter(key, row, noted, limits.cooldowns, candidate.model.ref.provider) });
      book.note(changes);
    },
    succeeded: (candidate, startedMs) => {
      window.note(endpointOf(candidate.model), "answered", host.nowMs());
      if (book.isEmpty() && candidate.legacyUntilMs === undefined) return;
      const ended = keysOf(candidate).map((key): RestChange => ({ key, change: (row) => (row !== undefined && row.sinceMs > startedMs ? row : undefined) }));
      book.note([...ended, ...overridden(candidate, host.nowMs())]);
    },
    claim: ({ candidate, rows }, as) => {
      const seeds = new Map(rows.map((row) => [row.key, row]));
      const keys = rows.length > 0 ? [...seeds.keys()] : keysOf(candidate);
      const nowMs = host.nowMs();
      const isDue = (row: RestRow): boolean => (as === "trial" ? row.untilMs <= nowMs : nowMs - (row.probedMs ?? 0) >= PROBE_EVERY_MS);
      const isFree = (row: RestRow): boolean => isDue(row) && (row.trial === undefined || row.trial.untilMs <= nowMs);
      const trial = { by, untilMs: nowMs + TRIAL_MS };
      return book.claim({ keys, seeds, isFree, taken: (row) => ({ ...row, trial, ...(as === "probe" && { probedMs: nowMs }) }) });
    },
    release: (candidate) => book.note(keysOf(candidate).map(released)),
    clear: (keys) => book.clear(keys),
    flush: () => book.flush(),
  };
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
  const { key, endsWithNewCredential } = afterFailure(failure).rest;
  if (profile === undefined || !key.startsWith("profile")) return {};
  const credential = endsWithNewCredential === true || changesWithAccount(profile.credential) ? markOf(profile) : undefined;
  return credential === undefined ? {} : { credential };
}

/** Rows that a failure is not about: some it disproves, of the others it gives back the try. */
function afterAnswer(row: RestRow, { reason }: UpstreamFailure, startedMs: number, by: string): RestRow | undefined {
  const isOlder = row.sinceMs <= startedMs;
  if (isOlder && row.key.startsWith("endpoint ") && ANSWERED.has(reason)) return undefined;
  if (isOlder && row.key.startsWith("profile ") && row.reason === "auth" && ACCEPTED.has(reason)) return undefined;
  return withoutTrial(row, by);
}

function withoutTrial(row: RestRow, by: string): RestRow {
  if (row.trial?.by !== by) return row;
  const { trial: _, ...rest } = row;
  return rest;
}
