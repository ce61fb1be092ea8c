import { parseDuration } from "../kernel/duration.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { openState } from "../state/open-state.ts";
import type { SpendGrouping } from "../usage/spend-groupings.ts";
import { type SpendRow, type SpendSums, sumSpend } from "../usage/spend.ts";

/** What the requests of a time came to, as the gateway and the library noted them. Times are milliseconds since 1970. */
export interface SpendReport {
  schemaVersion: 1;
  by: SpendGrouping;
  from: number;
  to: number;
  groups: SpendRow[];
  total: SpendSums;
  /** What could not be read, and is not counted. */
  missed: MissedRow[];
  /** Where requests are noted. */
  folder: string;
}

export interface MissedRow {
  file: string;
  /** `damaged`: so many lines. `unreadable`: the whole file. `full`: later requests of that day were not noted. */
  why: "damaged" | "unreadable" | "full";
  lines: number;
}

export interface SpendChoice {
  readonly by: SpendGrouping;
  /** The last so many, today included. */
  readonly days: number | undefined;
  /** A day, a moment, or a duration up to now. */
  readonly since: string | undefined;
}

const DAY_MS = 24 * 3_600_000;
const USUAL_DAYS = 30;

/** Reads the log and nothing else. Throws USAGE. */
export async function spendReport(host: Host, stateDir: string, { by, days, since }: SpendChoice): Promise<SpendReport> {
  const to = host.nowMs();
  if (days !== undefined && since !== undefined) throw usageError("--days and --since exclude each other", "Give one of the two.");
  const from = since === undefined ? startOfDays(days ?? USUAL_DAYS, to) : momentOf(since, to);
  const missed: MissedRow[] = [];
  const events = openState(host, stateDir).events(from, to, (what) => missed.push({ ...what }));
  const { groups, total } = await sumSpend(events, by);
  return { schemaVersion: 1, by, from, to, groups, total, missed, folder: host.paths.join(stateDir, "signalbox", "usage") };
}

function startOfDays(days: number, nowMs: number): number {
  if (!Number.isSafeInteger(days) || days < 1) throw usageError("--days takes a whole number of at least 1", "For example: --days 7");
  return Math.max(0, (Math.floor(nowMs / DAY_MS) - days + 1) * DAY_MS);
}

/** Days are UTC's, as those of the log are. */
function momentOf(text: string, nowMs: number): number {
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text);
  const length = isMoment ? undefined : parseDuration(text, "d");
  const ms = isMoment ? Date.parse(text) : length === undefined ? Number.NaN : nowMs - length;
  if (Number.isNaN(ms)) throw usageError(`--since takes a day or a duration; "${text}" is neither`, "For example: --since 2026-11-01, or --since 12h");
  if (ms > nowMs) throw usageError(`--since ${text} is still to come`, "Give a day that has been.");
  return Math.max(0, ms);
}

function usageError(message: string, hint: string): AppError {
  return new AppError("USAGE", message, { hint });
}
