import type { RestRow } from "./state-store.ts";

/** The key under which it is kept that a rest in the auth store counts no longer. */
export function overrideKey(profileId: string): string {
  return `override ${profileId}`;
}

/** Ends a rest that an older agent wrote into the auth store, up to the end that it has there: a later one counts again. */
export function overrideRow(profileId: string, untilMs: number, nowMs: number): RestRow {
  return { key: overrideKey(profileId), untilMs, failures: 0, reason: "cleared", sinceMs: nowMs, lastRestMs: 0 };
}

export function isOverridden(rows: ReadonlyMap<string, RestRow>, profileId: string, untilMs: number): boolean {
  return (rows.get(overrideKey(profileId))?.untilMs ?? 0) >= untilMs;
}
