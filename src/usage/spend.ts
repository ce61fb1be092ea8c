import { assertNever } from "../kernel/errors.ts";
import { dayOf } from "../state/event-log.ts";
import type { AttemptEvent, UsageEvent } from "../state/state-store.ts";
import type { SpendGrouping } from "./spend-groupings.ts";

/** What requests came to. Money is US dollars by the models' stated prices, also where a subscription pays. */
export interface SpendSums {
  /** Of clients. */
  requests: number;
  answered: number;
  /** The answer broke off after it had begun. */
  cut: number;
  failed: number;
  /** The client had gone. */
  cancelled: number;
  /** How often a vendor was asked. */
  attempts: number;
  failedAttempts: number;
  inputTokens: number;
  outputTokens: number;
  /** Part of the input. */
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Answers of which the vendor counted no tokens. */
  uncounted: number;
  /** Of all answers whose cost is known; null: of none is it known. */
  costUsd: number | null;
  /** Answers whose cost is not known: no price is stated, or nothing was counted. */
  unpriced: number;
  /** Attempts and answers that came to nothing or broke off, and may be on a bill all the same. */
  maybeBilled: number;
}

export interface SpendRow extends SpendSums {
  /** "2026-11-21", a client's name, "provider/model", an account's id. null: nobody answered, or a server that needs no account. */
  key: string | null;
}

export interface Spend {
  /** Days in order; else what cost most comes first. */
  readonly groups: SpendRow[];
  readonly total: SpendSums;
}

export async function sumSpend(events: AsyncIterable<UsageEvent>, by: SpendGrouping): Promise<Spend> {
  const groups = new Map<string | null, Tally>();
  const total = new Tally();
  const of = (key: string | null): Tally => {
    const tally = groups.get(key) ?? new Tally();
    groups.set(key, tally);
    return tally;
  };
  for await (const event of events) {
    for (const tally of [total, of(keyOf(event, by))]) tally.request(event);
    for (const attempt of event.attempts) for (const tally of [total, of(attemptKey(attempt, event, by))]) tally.failedAttempt(attempt);
  }
  const rows = [...groups].map(([key, tally]): SpendRow => ({ key, ...tally.sums() }));
  return { groups: rows.toSorted(by === "day" ? (a, b) => compare(a.key ?? "", b.key ?? "") : dearestFirst), total: total.sums() };
}

function keyOf(event: UsageEvent, by: SpendGrouping): string | null {
  switch (by) {
    case "day":
      return dayOf(event.atMs);
    case "client":
      return event.client;
    case "model":
      return event.servedBy ?? null;
    case "profile":
      return event.profileId ?? null;
    default:
      return assertNever(by);
  }
}

function attemptKey(attempt: AttemptEvent, event: UsageEvent, by: SpendGrouping): string | null {
  if (by === "model") return attempt.model;
  return by === "profile" ? (attempt.profileId ?? null) : keyOf(event, by);
}

function dearestFirst(a: SpendRow, b: SpendRow): number {
  return (b.costUsd ?? 0) - (a.costUsd ?? 0) || b.requests - a.requests || compare(a.key ?? LAST, b.key ?? LAST);
}

const LAST = "\uffff";

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

class Tally {
  readonly #sums = { ...NOTHING };
  #priced = 0;

  request({ outcome, servedBy, inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0, costUsd }: UsageEvent): void {
    const sums = this.#sums;
    sums.requests++;
    sums[outcome]++;
    if (servedBy === undefined) return;
    sums.attempts++;
    sums.inputTokens += inputTokens ?? 0;
    sums.outputTokens += outputTokens ?? 0;
    sums.cacheReadTokens += cacheReadTokens;
    sums.cacheWriteTokens += cacheWriteTokens;
    if (inputTokens === undefined && outputTokens === undefined) sums.uncounted++;
    if (costUsd === undefined) sums.unpriced++;
    else this.#priced++;
    sums.costUsd += costUsd ?? 0;
    if (outcome !== "answered") sums.maybeBilled++;
  }

  failedAttempt({ maybeBilled }: AttemptEvent): void {
    this.#sums.attempts++;
    this.#sums.failedAttempts++;
    if (maybeBilled === true) this.#sums.maybeBilled++;
  }

  sums(): SpendSums {
    const { costUsd, unpriced } = this.#sums;
    // Binary fractions add what nobody spent.
    return { ...this.#sums, costUsd: this.#priced === 0 && unpriced > 0 ? null : Math.round(costUsd * 1e9) / 1e9 };
  }
}

const NOTHING = {
  ...{ requests: 0, answered: 0, cut: 0, failed: 0, cancelled: 0, attempts: 0, failedAttempts: 0 },
  ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, uncounted: 0, costUsd: 0, unpriced: 0, maybeBilled: 0 },
};
