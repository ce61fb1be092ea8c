import type { HttpResponse } from "../kernel/http.ts";
import { readEvidence } from "../protocols/error-body.ts";
import { exhaustedUntilMs } from "../protocols/reset-hint.ts";
import type { RateLimit } from "./usage-facts.ts";

type Headers = HttpResponse["headers"];

/** The headers of one limit: what is left of it, how much there is, when it begins anew. */
interface Names {
  readonly name: string;
  readonly remaining: string;
  readonly limit: string;
  readonly reset: string;
}

/**
 * What the headers of an answer say of limits. Where the names were read, on 2026-11-21:
 * - `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`: https://console.groq.com/docs/rate-limits.md; Cerebras puts a period behind, OpenAI a kind
 * - `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}`: https://docs.anthropic.com/en/api/rate-limits
 */
export function rateLimits(headers: Headers, nowMs: number): RateLimit[] {
  return Object.keys(headers).flatMap((header): RateLimit[] => {
    const names = namesOf(header);
    const remaining = names === undefined ? undefined : count(headers[names.remaining]);
    if (names === undefined || remaining === undefined) return [];
    return [{ name: names.name, limit: count(headers[names.limit]) ?? null, remaining, resetsAt: resetsAt(headers, names, nowMs) }];
  });
}

const NAME = /^[a-z][a-z_-]{0,39}$/;

function namesOf(remaining: string): Names | undefined {
  const common = /^x-ratelimit-remaining(?:-(.+))?$/.exec(remaining);
  const anthropic = /^anthropic-ratelimit-(.+)-remaining$/.exec(remaining);
  const name = common === null ? anthropic?.[1] : (common[1] ?? "requests");
  if (name === undefined || !NAME.test(name)) return undefined;
  const other = (word: string): string => remaining.replace("remaining", word);
  return { name, remaining, limit: other("limit"), reset: other("reset") };
}

/** Some servers write -1 where they count nothing. */
function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/** Read as if nothing were left: only then does a reset mean waiting. */
function resetsAt(headers: Headers, { remaining, reset }: Names, nowMs: number): number | null {
  const own = Object.fromEntries([reset, "date"].flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  const waitMs = exhaustedUntilMs(readEvidence({ headers: { ...own, [remaining]: "0" }, body: "", receivedAtMs: nowMs }));
  return waitMs === undefined ? null : nowMs + waitMs;
}
