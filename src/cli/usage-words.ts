import { isoTime } from "../kernel/duration.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TEN_MONTHS_MS = 300 * 24 * HOUR_MS;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Until a moment: "now", "12s", "7m", "2h 10m", "5d 3h", "1 Dec" from a week on, "1 Dec 2030" from ten months on. The day is UTC's, as vendors count. */
export function untilText(atMs: number, nowMs: number): string {
  const ms = atMs - nowMs;
  if (ms <= 0) return "now";
  if (ms < MINUTE_MS) return `${Math.ceil(ms / 1000)}s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)}m`;
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), "h", minutes % 60, "m");
  const hours = Math.round(ms / HOUR_MS);
  if (hours < 7 * 24) return two(Math.floor(hours / 24), "d", hours % 24, "h");
  const [year, month, day] = isoTime(atMs).split(/[-T]/);
  const text = `${Number(day)} ${MONTHS[Number(month) - 1]}`;
  return ms < TEN_MONTHS_MS ? text : `${text} ${year}`;
}

/** The same after a word such as "ends": "in 2h 10m", "on 1 Dec", "now". */
export function whenText(atMs: number, nowMs: number): string {
  const text = untilText(atMs, nowMs);
  return / [A-Z]/.test(text) ? `on ${text}` : text === "now" ? text : `in ${text}`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}

const SIGNS: Readonly<Record<string, string>> = { USD: "$", CNY: "¥" };

/** "$3.20", "-$0.50", "¥110.00", "1500 points". */
export function amountText(amount: number, currency: string): string {
  const sign = Object.hasOwn(SIGNS, currency) ? SIGNS[currency] : undefined;
  if (sign === undefined) return `${Math.round(amount * 100) / 100} ${currency}`;
  return `${amount < 0 ? "-" : ""}${sign}${Math.abs(amount).toFixed(2)}`;
}

/** "42%"; what is not quite nothing or all is not shown as that. */
export function percentText(percent: number): string {
  const rounded = Math.round(percent);
  if (rounded === 0 && percent > 0) return "<1%";
  return `${rounded === 100 && percent < 100 ? 99 : rounded}%`;
}
