import type { UsageRow } from "../usage/usage-row.ts";
import { byTightness } from "../usage/windows.ts";
import { amountText, percentText, untilText } from "./usage-words.ts";

/**
 * One line for a status bar: `anthropic:work 5h 42% 2h10m · openrouter $3.20`. An account is its id, or its provider where that has one account only.
 * Of its windows the fullest is shown, with the time until it begins anew; else its balances; else what it spent; else the fullest limit of the
 * headers. `!` stands behind an account that could not be asked, with the reason where nothing is known of it.
 */
export function usagePlain(accounts: readonly UsageRow[], nowMs: number): string {
  return accounts.flatMap((row) => segment(row, nameOf(row, accounts), nowMs) ?? []).join(" · ");
}

function nameOf({ profileId, provider }: UsageRow, accounts: readonly UsageRow[]): string {
  return accounts.filter((row) => row.provider === provider && row.reason !== "duplicate").length === 1 ? provider : profileId;
}

function segment(row: UsageRow, name: string, nowMs: number): string | undefined {
  const known = knownText(row, nowMs);
  if (row.outcome === "failed") return known === undefined ? `${name} !${row.reason ?? "unknown"}` : `${name}! ${known}`;
  return known === undefined ? undefined : `${name} ${known}`;
}

function knownText({ windows, balances, spent, limits }: UsageRow, nowMs: number): string | undefined {
  const [window] = byTightness(windows);
  if (window !== undefined) return [window.label, percentText(window.usedPercent), ...reset(window.resetsAt, nowMs)].join(" ");
  if (balances.length > 0) return balances.map(({ amount, currency }) => amountText(amount, currency)).join(" ");
  const [first] = spent.toSorted((a, b) => PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period));
  if (first !== undefined) return `${amountText(first.amount, first.currency)} spent ${first.period}`;
  const [limit] = limits.flatMap((one) => (one.limit === null || one.limit === 0 ? [] : [{ ...one, share: (1 - one.remaining / one.limit) * 100 }]));
  return limit === undefined ? undefined : [limit.name, percentText(limit.share), ...reset(limit.resetsAt, nowMs)].join(" ");
}

const PERIODS = ["month", "day", "week", "all"];

function reset(at: number | null, nowMs: number): string[] {
  return at === null ? [] : [untilText(at, nowMs).replaceAll(" ", "")];
}
