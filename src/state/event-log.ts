import { expected } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { AttemptEvent, MissedEvents, UsageEvent } from "./state-store.ts";

/** Events by day (UTC), one file a day: `2026-11-21.jsonl`. Bounded by size and by days: those of the last 90, and the newest 90 that there are. */
export interface EventLog {
  append(event: UsageEvent): void;
  flush(): void;
  events(fromMs: number, toMs: number, missed?: Missed): AsyncGenerator<UsageEvent>;
  lastFault(): string | undefined;
}

type Missed = (what: MissedEvents) => void;

const DAY_MS = 24 * 60 * 60_000;
/** A day's log takes no more than this: some hundred thousand requests. */
const MAX_DAY_BYTES = 128 * 1024 * 1024;
const KEPT_DAYS = 90;
const FLUSH_AFTER_MS = 250;
/** Of some 400 characters each. */
const MOST_WAITING = 64;
/** What the last writes before the limit may come to, of several processes. */
const MAX_LAST_BYTES = 8 * 1024 * 1024;
/** One write of this size stays in one piece. */
const MAX_WRITE_CHARACTERS = 32 * 1024;

export function openEventLog(host: Host, folder: string): EventLog {
  let waiting: UsageEvent[] = [];
  let isDue = false;
  let fault: string | undefined;
  let sweptDay = "";

  const flush = (): void => {
    const events = waiting;
    waiting = [];
    if (events.length === 0) return;
    const day = dayOf(host.nowMs());
    try {
      if (day !== sweptDay) sweep(host, folder, host.nowMs());
      sweptDay = day;
      fault = write(host, host.paths.join(folder, `${day}.jsonl`), events);
    } catch (thrown) {
      fault = expected(thrown).message;
    }
  };
  const later = async (): Promise<void> => {
    await host.wait(FLUSH_AFTER_MS);
    isDue = false;
    flush();
  };
  return {
    append: (event) => {
      waiting.push(event);
      if (waiting.length >= MOST_WAITING) flush();
      if (isDue) return;
      isDue = true;
      void later();
    },
    flush,
    events: (fromMs, toMs, missed = () => undefined) => {
      flush();
      return eventsBetween(host, folder, { fromMs, toMs, missed });
    },
    lastFault: () => fault,
  };
}

interface Asked {
  readonly fromMs: number;
  readonly toMs: number;
  readonly missed: Missed;
}

async function* eventsBetween(host: Host, folder: string, asked: Asked): AsyncGenerator<UsageEvent> {
  const { fromMs, toMs } = asked;
  for (const name of daysIn(host, folder)) {
    const startMs = Date.parse(name.slice(0, 10));
    // An event is written down at its end, which may be on the next day.
    if (startMs + DAY_MS < fromMs || startMs > toMs + DAY_MS) continue;
    yield* eventsIn(host, host.paths.join(folder, name), asked);
  }
}

/** As few writes as may be. Returns why nothing was written. */
function write(host: Host, file: string, events: readonly UsageEvent[]): string | undefined {
  const sizeBytes = host.inspect(file)?.sizeBytes ?? 0;
  if (sizeBytes > MAX_DAY_BYTES) return `${file} has reached its limit of ${MAX_DAY_BYTES / 1024 / 1024} MiB; events of this day are no longer kept`;
  let lines = "";
  for (const event of events) {
    const line = JSON.stringify(event);
    if (lines !== "" && lines.length + line.length > MAX_WRITE_CHARACTERS) {
      host.appendLine(file, lines);
      lines = "";
    }
    lines = lines === "" ? line : `${lines}\n${line}`;
  }
  host.appendLine(file, lines);
  return undefined;
}

/** Old days are emptied, but never the newest that there are: a clock that stands a year ahead makes all of them old. Sweeping fails nobody. */
function sweep(host: Host, folder: string, nowMs: number): void {
  const oldest = dayOf(nowMs - KEPT_DAYS * DAY_MS);
  for (const name of daysIn(host, folder).toSorted().slice(0, -KEPT_DAYS)) {
    const file = host.paths.join(folder, name);
    if (name.slice(0, 10) < oldest && (host.inspect(file)?.sizeBytes ?? 0) > 0) host.replaceFile(file, "", "unflushed");
  }
}

function daysIn(host: Host, folder: string): string[] {
  return host.listFolder(folder).flatMap(({ name, kind }) => (kind === "file" && /^\d{4}-\d\d-\d\d\.jsonl$/.test(name) ? [name] : []));
}

function* eventsIn(host: Host, file: string, { fromMs, toMs, missed }: Asked): Generator<UsageEvent> {
  const read = host.readText(file, MAX_DAY_BYTES + MAX_LAST_BYTES);
  if (read.kind === "absent") return;
  if (read.kind !== "text") return missed({ file, why: "unreadable", lines: 0 });
  let damaged = 0;
  for (const line of linesOf(read.text)) {
    const event = eventOf(line);
    if (event === undefined) damaged++;
    else if (event.atMs >= fromMs && event.atMs <= toMs) yield event;
  }
  if (damaged > 0) missed({ file, why: "damaged", lines: damaged });
  if ((host.inspect(file)?.sizeBytes ?? 0) > MAX_DAY_BYTES) missed({ file, why: "full", lines: 0 });
}

/** One after the other: a day may have some hundred thousand. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    start += line.length + 1;
    if (line !== "") yield line;
  }
}

/** undefined for a line that was cut off, or is none of ours. */
function eventOf(line: string): UsageEvent | undefined {
  try {
    const value: Partial<UsageEvent> | null = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const OUTCOMES: readonly unknown[] = ["answered", "cut", "failed", "cancelled"];

function isEvent(value: Partial<UsageEvent> | null): value is UsageEvent {
  if (value === null || typeof value !== "object") return false;
  const { atMs, requestId, client, asked, servedBy = "", profileId = "", outcome, attempts, tookMs } = value;
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, costUsd = 0 } = value;
  return (
    [requestId, client, asked, servedBy, profileId].every((text) => typeof text === "string") &&
    [atMs, tookMs, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd].every(isAmount) &&
    OUTCOMES.includes(outcome) &&
    Array.isArray(attempts) &&
    attempts.every(isAttempt)
  );
}

/** JSON can say more than any sum bears: 1e999. */
function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isAttempt(value: Partial<AttemptEvent> | null): boolean {
  return typeof value === "object" && value !== null && typeof value.model === "string" && typeof (value.profileId ?? "") === "string";
}

/** "2026-11-21". */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
