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
