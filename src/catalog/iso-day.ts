import { isoTime } from "../kernel/duration.ts";

/** The day in UTC, for example "2026-11-21". */
export function isoDay(ms: number): string {
  return isoTime(ms).slice(0, 10);
}

export function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-(0\d|1[0-2])-[0-3]\d$/.test(value) ? value : undefined;
}

/** The latest of several days. */
export function newest(days: readonly (string | undefined)[]): string | undefined {
  return days.reduce((latest, one) => (one !== undefined && one > (latest ?? "") ? one : latest), undefined);
}
