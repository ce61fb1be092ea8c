const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * "500ms", "90s", "15m", "12h", "30d", compounds such as "1h30m" → milliseconds. A bare number counts in `bareUnit`.
 * undefined when the text is none of these.
 */
export function parseDuration(text: string, bareUnit: "ms" | "s" | "m" | "h" | "d"): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * (UNIT_MS[bareUnit] ?? 1));
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit ?? "ms"] ?? 1);
  }
  return Math.round(totalMs);
}

/** By how much clocks of several machines may differ: what lies no further ahead was not written by a clock that is wrong. */
export const CLOCKS_DIFFER_MS = 60_000;

/** A hundred years: more is a slip of the hand, and a moment so far off is in no calendar. */
export const LONGEST_DURATION_MS = 100 * 365 * 86_400_000;

/** The years that four digits can write, as RFC 3339 has them. */
const FIRST_MOMENT_MS = Date.parse("0000-01-01T00:00:00.000Z");
const LAST_MOMENT_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** "2026-11-21T12:00:00.000Z". Files of others hold any number that JSON can write: what is beyond four-digit years is their first or last moment. */
export function isoTime(atMs: number): string {
  return new Date(Math.min(LAST_MOMENT_MS, Math.max(FIRST_MOMENT_MS, atMs))).toISOString();
}

/** "2026-11-21 12:00 UTC". */
export function utcMinute(atMs: number): string {
  return `${isoTime(atMs).slice(0, 16).replace("T", " ")} UTC`;
}

/** How long ago something was: "5m ago"; "<1m ago" of what has only just been. */
export function agoText(ms: number): string {
  return `${ms < 60_000 ? "<1m" : shortDuration(ms)} ago`;
}

/** One unit that a person reads at a glance: "0m", "5m", "47h", "3d"; undefined → "unknown". */
export function shortDuration(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return "unknown";
  if (ms <= 0) return "0m";
  if (ms < 3_600_000) return `${Math.max(1, Math.round(ms / 60_000))}m`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)}h`;
  return `${Math.round(ms / 86_400_000)}d`;
}
