/** A limit that begins anew at a certain time: what of it is used up. */
export interface UsageWindow {
  /** "5h", "week", "month Sonnet": the vendor's own name of a model may be part of it. */
  readonly label: string;
  /** From 0; a vendor may state more than 100. */
  readonly usedPercent: number;
  readonly used: number | null;
  readonly limit: number | null;
  readonly remaining: number | null;
  /** What is counted: "requests", "tokens", "USD", …; null where the vendor states a share alone. */
  readonly unit: string | null;
  /** Milliseconds since 1970. */
  readonly resetsAt: number | null;
}

/** Money or points that are there to be spent; below zero is a debt. */
export interface Balance {
  readonly amount: number;
  /** "USD", "CNY", or the vendor's own: "points", "DIEM". */
  readonly currency: string;
}

/** What was spent in a period that is not over yet; `all`: since the beginning. */
export interface Spent {
  readonly period: "day" | "week" | "month" | "all";
  readonly amount: number;
  readonly currency: string;
}

/** What the headers of one answer say of the requests and tokens of the next minutes. */
export interface RateLimit {
  /** "requests", "tokens", "input-tokens". */
  readonly name: string;
  readonly limit: number | null;
  readonly remaining: number;
  /** Milliseconds since 1970. */
  readonly resetsAt: number | null;
}

/** All that a vendor tells of one account. */
export interface UsageFacts {
  readonly plan: string | null;
  /** The vendor says itself that calls are refused now: nothing is left. */
  readonly isBlocked: boolean;
  readonly windows: readonly UsageWindow[];
  readonly balances: readonly Balance[];
  readonly spent: readonly Spent[];
  readonly limits: readonly RateLimit[];
}

export const NO_FACTS: UsageFacts = { plan: null, isBlocked: false, windows: [], balances: [], spent: [], limits: [] };

/** Nothing that a person wants to know stands in it. */
export function isEmpty({ windows, balances, spent, limits }: UsageFacts): boolean {
  return windows.length + balances.length + spent.length + limits.length === 0;
}
