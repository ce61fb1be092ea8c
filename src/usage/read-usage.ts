import { redactStrictly } from "../kernel/redact.ts";
import { at, numberAt } from "../kernel/json-value.ts";
import { type Balance, isEmpty, NO_FACTS, type RateLimit, type Spent, type UsageFacts, type UsageWindow } from "./usage-facts.ts";
import type { AmountReading, Calendar, Condition, LengthReading, Meant, Path, UsageReader, WindowReading } from "./usage-reader.ts";

/** An answer whose fields are looked for from a certain place. */
interface Place {
  readonly root: unknown;
  readonly here: unknown;
}

/** What a good answer of the vendor tells; undefined when nothing in it is known as usage. Pure; the answer may be anything. */
export function readUsage(reader: UsageReader, answer: unknown, limits: readonly RateLimit[], nowMs: number): UsageFacts | undefined {
  const whole: Place = { root: answer, here: answer };
  if (reader.good !== undefined && !holds(whole, reader.good)) return undefined;
  const facts: UsageFacts = {
    ...NO_FACTS,
    plan: planOf(whole, reader),
    isBlocked: reader.blocked !== undefined && holds(whole, reader.blocked),
    windows: distinct((reader.windows ?? []).flatMap((reading) => windowsOf(whole, reading, nowMs))),
    balances: (reader.balances ?? []).flatMap((reading) => balancesOf(whole, reading)),
    spent: (reader.spent ?? []).flatMap((reading): Spent[] => balancesOf(whole, reading).map((amount) => ({ period: reading.period, ...amount }))),
  };
  return isEmpty(facts) && !facts.isBlocked ? undefined : { ...facts, limits };
}

function windowsOf(whole: Place, reading: WindowReading, nowMs: number): UsageWindow[] {
  return itemsOf(within(whole, reading.in), reading.each).flatMap((place) => windowOf(place, reading, nowMs) ?? []);
}

function windowOf(place: Place, reading: WindowReading, nowMs: number): UsageWindow | undefined {
  const { only, unless } = reading;
  if ((only !== undefined && !holds(place, only)) || (unless !== undefined && holds(place, unless))) return undefined;
  const [used, limit, remaining] = [reading.used, reading.limit, reading.remaining].map((path) => numberIn(place, path));
  const usedPercent = shareOf(place, reading) ?? countedShare(used, limit, remaining);
  if (usedPercent === undefined) return undefined;
  return {
    label: nameOf(place, reading),
    usedPercent: Math.round(Math.max(0, usedPercent) * 10) / 10,
    used: used ?? (limit !== undefined && remaining !== undefined ? rounded(limit - remaining) : null),
    limit: limit ?? null,
    remaining: remaining ?? (limit !== undefined && used !== undefined ? rounded(limit - used) : null),
    unit: limit === undefined && used === undefined && remaining === undefined ? null : unitOf(place, reading),
    resetsAt: momentIn(place, reading.resetsAt) ?? calendarReset(place, reading.resets, nowMs) ?? null,
  };
}

function shareOf(place: Place, { usedPercent, remainingPercent }: WindowReading): number | undefined {
  const left = numberIn(place, remainingPercent);
  return numberIn(place, usedPercent) ?? (left === undefined ? undefined : 100 - left);
}

function unitOf(place: Place, { unit, unitAt }: WindowReading): string | null {
  return unit ?? (unitAt === undefined ? undefined : shown(valueIn(place, unitAt))) ?? null;
}

/** A limit of nothing is none. */
function countedShare(used: number | undefined, limit: number | undefined, remaining: number | undefined): number | undefined {
  if (limit === undefined || limit <= 0) return undefined;
  const gone = used ?? (remaining === undefined ? undefined : limit - remaining);
  return gone === undefined ? undefined : (gone / limit) * 100;
}

const LABEL_CHARACTERS = 40;
const CURRENCY_CHARACTERS = 12;

function nameOf(place: Place, { label, length, labelAt }: WindowReading): string {
  const ours = typeof label === "object" ? meant(place, label) : label;
  const theirs = labelAt === undefined ? undefined : valueIn(place, labelAt);
  const words = [ours, lengthName(lengthOf(place, length)), shown(theirs)];
  return words.filter((word) => word !== undefined && word !== "").join(" ") || "limit";
}

/** A vendor's own word, of which no more than a table can show is kept, and nothing of a secret that it may repeat. */
function shown(found: unknown): string | undefined {
  return typeof found === "string" && found.trim() !== "" ? redactStrictly(found.trim().slice(0, 400)).slice(0, LABEL_CHARACTERS) : undefined;
}

function lengthOf(place: Place, length: LengthReading | undefined): number | undefined {
  if (length === undefined) return undefined;
  if ("from" in length) {
    const [from, to] = [numberIn(place, length.from), numberIn(place, length.to)];
    return from === undefined || to === undefined ? undefined : to - from;
  }
  const [count, unitMs] = [numberIn(place, length.count), typeof length.unitMs === "number" ? length.unitMs : meant(place, length.unitMs)];
  return count === undefined || unitMs === undefined ? undefined : count * unitMs;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "5h", "day", "week", "month", "30m", "3d"; undefined for what is no length. */
function lengthName(ms: number | undefined): string | undefined {
  if (ms === undefined || !(ms >= MINUTE_MS) || ms > 366 * DAY_MS) return undefined;
  const days = ms / DAY_MS;
  if (days >= 28 && days <= 31) return "month";
  if (days === 7) return "week";
  if (days === 1) return "day";
  if (days >= 2) return `${Math.round(days)}d`;
  return ms < HOUR_MS ? `${Math.round(ms / MINUTE_MS)}m` : `${Math.round(ms / HOUR_MS)}h`;
}

function calendarReset(place: Place, resets: WindowReading["resets"], nowMs: number): number | undefined {
  const calendar = typeof resets === "object" ? meant(place, resets) : resets;
  if (calendar === undefined) return undefined;
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const next: Readonly<Record<Calendar, number>> = {
    day: Date.UTC(year, month, day + 1),
    week: Date.UTC(year, month, day + 7 - ((now.getUTCDay() + 6) % 7)),
    month: Date.UTC(year, month + 1, 1),
  };
  return next[calendar];
}

function balancesOf(whole: Place, { each, amount, perUnit = 1, currency }: AmountReading): Balance[] {
  return itemsOf(whole, each).flatMap((place) => {
    const number = numberIn(place, amount);
    const unit = typeof currency === "string" ? currency : shown(valueIn(place, currency.at));
    return number === undefined || unit === undefined ? [] : [{ amount: rounded(number / perUnit), currency: unit.slice(0, CURRENCY_CHARACTERS) }];
  });
}

function planOf(place: Place, { plan }: UsageReader): string | null {
  const found = typeof plan === "object" ? meant(place, plan) : plan === undefined ? undefined : valueIn(place, plan);
  return shown(found) ?? null;
}

/** A vendor may list one window twice; the first counts. */
function distinct(windows: readonly UsageWindow[]): UsageWindow[] {
  return [...new Map(windows.toReversed().map((window) => [window.label, window])).values()].toReversed();
}

/** More items than a vendor would list are not looked at. */
const MOST_ITEMS = 50;

function itemsOf(place: Place, each: Path | undefined): Place[] {
  if (each === undefined) return [place];
  const list = valueIn(place, each);
  return Array.isArray(list) ? list.slice(0, MOST_ITEMS).map((here: unknown) => ({ root: place.root, here })) : [];
}

function within(place: Place, path: Path | undefined): Place {
  return path === undefined ? place : { root: place.root, here: valueIn(place, path) };
}

function valueIn({ root, here }: Place, path: Path): unknown {
  return path.startsWith("/") ? at(root, ...path.slice(1).split(".")) : at(here, ...path.split("."));
}

/** Vendors write numbers as text, too. */
function numberIn(place: Place, path: Path | undefined): number | undefined {
  if (path === undefined) return undefined;
  const found = valueIn(place, path);
  if (typeof found === "string") return /^-?\d{1,15}(\.\d{1,18})?$/.test(found.trim()) ? Number(found) : undefined;
  return numberAt(found);
}

const LATEST_MS = Date.UTC(2200, 0);

function momentIn(place: Place, path: Path | undefined): number | undefined {
  if (path === undefined) return undefined;
  const found = valueIn(place, path);
  const ms = typeof found === "string" ? Date.parse(found) : numberAt(found);
  if (ms === undefined || Number.isNaN(ms) || ms <= 0) return undefined;
  const moment = typeof found === "number" && ms < 1e11 ? ms * 1000 : ms;
  return moment < LATEST_MS ? Math.round(moment) : undefined;
}

function meant<T>(place: Place, { at: path, of }: Meant<T>): T | undefined {
  const key = String(valueIn(place, path));
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

function holds(place: Place, { at: path, is }: Condition): boolean {
  return valueIn(place, path) === is;
}

/** Sums of money as vendors write them, without what binary fractions add. */
function rounded(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
