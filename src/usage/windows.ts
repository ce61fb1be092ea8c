import type { WindowLeft } from "../routing/profile-choice.ts";
import type { UsageCache } from "./usage-cache.ts";
import type { UsageWindow } from "./usage-facts.ts";

/** The windows of an account as they stand, by what is kept of it: nobody is asked. One whose reset has passed says nothing any more. */
export function windowsOf(cache: UsageCache, profileId: string, nowMs: number): UsageWindow[] {
  return openWindows(cache.get(profileId)?.told?.facts.windows ?? [], nowMs);
}

/** Those that have not begun anew since they were told. */
export function openWindows(windows: readonly UsageWindow[], nowMs: number): UsageWindow[] {
  return windows.filter(({ resetsAt }) => resetsAt === null || resetsAt > nowMs);
}

/** The fullest first; of two alike the one that begins anew first. */
export function byTightness<W extends Pick<UsageWindow, "usedPercent" | "resetsAt">>(windows: readonly W[]): W[] {
  const at = ({ resetsAt }: W): number => resetsAt ?? Number.MAX_SAFE_INTEGER;
  return windows.toSorted((a, b) => b.usedPercent - a.usedPercent || at(a) - at(b));
}

/** An account, and by what it is told from another of the same name. */
export interface KnownAccount {
  readonly profileId: string;
  readonly provider: string;
  readonly account: string;
}

/** An account may be used by others, too: older answers say too little of what is left. */
const TRUSTED_MS = 3_600_000;

/** What is left of the accounts, for who chooses among them, by profile id. A window of one model alone says nothing of its account. */
export function windowsLeft(cache: UsageCache, accounts: readonly KnownAccount[], nowMs: number): Map<string, readonly WindowLeft[]> {
  const known = new Map<string, readonly WindowLeft[]>();
  for (const { profileId, provider, account } of accounts) {
    const kept = cache.get(profileId);
    if (kept?.told === undefined || kept.provider !== provider || kept.account !== account || nowMs - kept.told.atMs > TRUSTED_MS) continue;
    const left = windowsOf(cache, profileId, nowMs).flatMap(windowLeft);
    if (left.length > 0) known.set(profileId, left);
  }
  return known;
}

function windowLeft({ label, usedPercent, resetsAt }: UsageWindow): WindowLeft[] {
  const windowMs = lengthOf(label);
  return windowMs === undefined || resetsAt === null ? [] : [{ leftPercent: Math.max(0, 100 - usedPercent), resetsAtMs: resetsAt, windowMs }];
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Of "5h", "30m", "3d", "day", "week", "month"; undefined for what has more words, or another. */
function lengthOf(label: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,3})([mhd])$/.exec(label) ?? [];
  if (count !== undefined) return Number(count) * (UNIT_MS[unit] ?? 0);
  return NAMED_MS.get(label);
}

const NAMED_MS: ReadonlyMap<string, number> = new Map([
  ["day", 86_400_000],
  ["week", 7 * 86_400_000],
  ["month", 30 * 86_400_000],
]);
