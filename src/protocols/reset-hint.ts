import { parseDuration } from "../kernel/duration.ts";
import type { Evidence } from "./error-body.ts";
import { at, listAt, numberAt, textAt } from "../kernel/json-value.ts";

const SECOND = 1000;
const LONGEST_MS = 31 * 24 * 3600 * SECOND;

/**
 * How long the vendor wants to be left alone, counted from its answer; the first place that states it counts. Absolute times are taken against the
 * answer's own `date`, so that a wrong clock here does no harm. What is no number, lies in the past or is longer than 31 days is not believed.
 */
export function retryAfterMs(evidence: Evidence): number | undefined {
  const { headers } = evidence.facts;
  const now = serverNowMs(evidence);
  const readings = [
    () => milliseconds(headers["retry-after-ms"]),
    () => milliseconds(headers["x-ms-retry-after-ms"]),
    () => retryAfterHeader(headers["retry-after"], now),
    () => statedInBody(evidence, now),
    () => statedInSentence(evidence.message, now),
  ];
  for (const read of readings) {
    const ms = believed(read());
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** The latest reset of those limits of which nothing is left. Only worth asking after a refusal for a limit: every answer states them. */
export function exhaustedUntilMs(evidence: Evidence): number | undefined {
  const { headers } = evidence.facts;
  const now = serverNowMs(evidence);
  const waits = Object.entries(headers).flatMap(([name, value]) => {
    const reset = resetHeaderFor(name, value);
    return believed(reset === undefined ? undefined : wait(headers[reset], now)) ?? [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** The header that says when the limit ends of which this one says that nothing is left. */
function resetHeaderFor(name: string, value: string): string | undefined {
  const known = /^(x-ratelimit-)remaining(.*)$|^(anthropic-ratelimit-.+)-remaining$/.exec(name);
  if (known !== null && Number(value) === 0 && value.trim() !== "") return known[1] === undefined ? `${known[3]}-reset` : `${known[1]}reset${known[2]}`;
  const unified = /^(anthropic-ratelimit-unified(?:-[a-z0-9_]+)?)-status$/.exec(name);
  return unified !== null && value === "rejected" ? `${unified[1]}-reset` : undefined;
}

function serverNowMs({ facts }: Evidence): number | undefined {
  const stated = Date.parse(facts.headers["date"] ?? "");
  return Number.isNaN(stated) ? facts.receivedAtMs : stated;
}

function believed(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= LONGEST_MS ? Math.round(ms) : undefined;
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" ? undefined : Number(text);
}

/** RFC 9110 10.2.3, and seconds with a fraction. */
function retryAfterHeader(text: string | undefined, now: number | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const seconds = Number(text);
  return Number.isNaN(seconds) ? until(Date.parse(text), now) : seconds * SECOND;
}

function statedInBody({ error }: Evidence, now: number | undefined): number | undefined {
  const delay = listAt(error, "details").flatMap((detail) => textAt(detail, "retryDelay") ?? [])[0];
  if (delay !== undefined) return parseDuration(delay, "s");
  const inSeconds = numberAt(error, "resets_in_seconds");
  if (inSeconds !== undefined) return inSeconds * SECOND;
  const places = [at(error, "resets_at"), at(error, "metadata", "resets_at"), at(error, "metadata", "headers", "X-RateLimit-Reset")];
  const stated = places.find((place) => typeof place === "string" || typeof place === "number");
  return stated === undefined ? undefined : wait(`${stated}`, now);
}

/** The vendors' own sentences, whole: `Please retry in 1h2m3.4s.` as a line of its own, and what OpenAI, Groq and Anthropic write. */
function statedInSentence(message: string, now: number | undefined): number | undefined {
  const line =
    /(?:^|\n)Please retry in (\d[\dhms.]*s)\.?$/.exec(message) ?? /^Rate limit reached for [^\n]{1,400}?\. Please try again in (\d[\dhms.]*s)\b/.exec(message);
  if (line?.[1] !== undefined) return parseDuration(line[1], "s");
  const day =
    /^You have reached your (?:specified )?(?:workspace )?API usage limits[^\n]{0,400}?You will regain access on (\d{4}-\d\d-\d\d) at (\d\d:\d\d) UTC/.exec(
      message,
    );
  return day === null ? undefined : until(Date.parse(`${day[1]}T${day[2]}:00Z`), now);
}

/** A duration ("6m0s"), seconds, a moment as text (RFC 3339), or as seconds or milliseconds since 1970. */
function wait(text: string | undefined, now: number | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) return parseDuration(text, "s") ?? until(Date.parse(text), now);
  if (number < 1e9) return number * SECOND;
  return until(number < 1e11 ? number * SECOND : number, now);
}

function until(momentMs: number, now: number | undefined): number | undefined {
  return now === undefined || Number.isNaN(momentMs) ? undefined : momentMs - now;
}
