import type { KeptUsage } from "../../src/usage/usage-cache.ts";
import { NO_FACTS, type UsageFacts, type UsageWindow } from "../../src/usage/usage-facts.ts";

export const NOW = Date.UTC(2026, 10, 21, 12);
export const HOUR = 3_600_000;

export const windowOf = (label: string, usedPercent: number, resetsAt: number | null): UsageWindow => ({
  ...{ label, usedPercent, used: null, limit: null, remaining: null, unit: null },
  resetsAt,
});

/** Told ten minutes ago, unless `more` says otherwise. */
export function keptUsage(facts: Partial<UsageFacts> = {}, more: Partial<KeptUsage> = {}): KeptUsage {
  const atMs = NOW - 600_000;
  return {
    provider: "openrouter",
    account: "…abc123",
    url: "https://openrouter.ai/api/v1/key",
    isOfficial: true,
    told: { atMs, facts: { ...NO_FACTS, ...facts } },
    last: { atMs, outcome: "told", failures: 0, freshUntilMs: atMs + 60_000, heldUntilMs: atMs },
    ...more,
  };
}

/** As it is written. */
export const cacheText = (accounts: Readonly<Record<string, unknown>>): string => `${JSON.stringify({ v: 1, accounts })}\n`;
