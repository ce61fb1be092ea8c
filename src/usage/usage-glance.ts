import { parseUsageCache } from "./usage-cache.ts";
import { windowsOf } from "./windows.ts";

/** What the vendor of an account told last, as far as it still means something. Times are milliseconds since 1970. */
export interface UsageGlance {
  profileId: string;
  provider: string;
  windows: { label: string; usedPercent: number; resetsAt: number | null }[];
  balances: { amount: number; currency: string }[];
  plan: string | null;
  /** The vendor documents the address that told it. */
  official: boolean;
  takenAt: number;
  ageMs: number;
}

/** An account, as a status knows it. */
interface Known {
  readonly profileId: string;
  readonly provider: string;
  readonly type: "api_key" | "token" | "oauth";
  readonly fingerprint: string;
  readonly email: string | null;
}

/** From the text that `keepUsage` wrote; in the order of the accounts. Nobody is asked. */
export function usageGlances(text: string, accounts: readonly Known[], nowMs: number): UsageGlance[] {
  const cache = parseUsageCache(text, nowMs);
  return accounts.flatMap(({ profileId, provider, type, fingerprint, email }): UsageGlance[] => {
    const kept = cache.get(profileId);
    const account = type === "oauth" ? (email ?? "") : fingerprint;
    if (kept?.told === undefined || kept.account !== account || kept.provider !== provider) return [];
    const { atMs, facts } = kept.told;
    const windows = windowsOf(cache, profileId, nowMs).map(({ label, usedPercent, resetsAt }) => ({ label, usedPercent, resetsAt }));
    const balances = facts.balances.map((balance) => ({ ...balance }));
    if (windows.length + balances.length === 0) return [];
    return [{ profileId, provider, windows, balances, plan: facts.plan, official: kept.isOfficial, takenAt: atMs, ageMs: nowMs - atMs }];
  });
}
