import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/protocols/error-body.ts";
import { exhaustedUntilMs, retryAfterMs } from "../../src/protocols/reset-hint.ts";

const date = "Sat, 21 Nov 2026 12:00:00 GMT";
const nowMs = Date.UTC(2026, 10, 21, 12);
const evidence = (headers: Readonly<Record<string, string>>, body: unknown = {}) => readEvidence({ status: 429, headers, body: JSON.stringify(body) });
const hint = (headers: Readonly<Record<string, string>>, body?: unknown): number | undefined => retryAfterMs(evidence(headers, body));
const exhausted = (headers: Readonly<Record<string, string>>): number | undefined => exhaustedUntilMs(evidence({ date, ...headers }));

describe("the wish to be left alone", () => {
  test("is taken from the first place that states it", () => {
    const retryInfo = { error: { details: [{ retryDelay: "40s" }], message: "Please retry in 50s." } };
    const all = { "retry-after-ms": "1000", "x-ms-retry-after-ms": "2000", "retry-after": "3" };
    expect(hint(all, retryInfo)).toBe(1000);
    expect(hint({ ...all, "retry-after-ms": "soon" }, retryInfo)).toBe(2000);
    expect(hint({ "retry-after": "3" }, retryInfo)).toBe(3000);
    expect(hint({}, retryInfo)).toBe(40_000);
    expect(hint({}, { error: { message: "Please retry in 50s." } })).toBe(50_000);
    expect(hint({})).toBe(undefined);
  });

  test.each([
    ["0", 0],
    ["7", 7000],
    ["1.25", 1250],
    ["Sat, 21 Nov 2026 12:01:00 GMT", 60_000],
    ["2678400", 31 * 24 * 3600 * 1000],
    ["2678401", undefined],
    ["-1", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["", undefined],
    ["Sat, 21 Nov 2026 11:59:59 GMT", undefined],
    ["tomorrow", undefined],
  ])("reads Retry-After %j as %s ms", (value, expected) => {
    expect(hint({ date, "retry-after": value })).toBe(expected);
  });

  test("does not know a moment without a clock", () => {
    expect(hint({ "retry-after": "Sat, 21 Nov 2026 12:01:00 GMT" })).toBe(undefined);
  });

  test.each([
    ["Please retry in 1h2m3.4s.", 3_723_400],
    ["First line\nPlease retry in 250ms", 250],
    [
      "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM): Limit 1, Used 1, Requested 1. Please try again in 6m0s. Visit https://x.",
      360_000,
    ],
    ["You have reached your specified workspace API usage limits. You will regain access on 2026-11-22 at 12:00 UTC.", 86_400_000],
    ["Your prompt said: Please retry in 1h", undefined],
    ["Please retry in 9s, said the prompt", undefined],
    ["Please retry in a while.", undefined],
  ])("reads the sentence %j as %s ms", (message, expected) => {
    expect(hint({ date }, { error: { message } })).toBe(expected);
  });

  test.each([
    [{ error: { resets_in_seconds: 90 } }, 90_000],
    [{ error: { resets_at: nowMs / 1000 + 60 } }, 60_000],
    [{ error: { metadata: { resets_at: "2026-11-21T13:00:00Z" } } }, 3_600_000],
    [{ error: { metadata: { headers: { "X-RateLimit-Reset": String(nowMs + 5000) } } } }, 5000],
    [{ error: { resets_at: { toString: "no" } } }, undefined],
  ])("reads the body %j as %s ms", (body, expected) => {
    expect(hint({ date }, body)).toBe(expected);
  });
});

describe("limits of which nothing is left", () => {
  test("count by the latest of them, in every spelling of a time", () => {
    expect(exhausted({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "100ms" })).toBe(100);
    expect(exhausted({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs / 1000 + 30) })).toBe(30_000);
    expect(exhausted({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs + 30_000) })).toBe(30_000);
    expect(exhausted({ "x-ratelimit-remaining-tokens-minute": "0", "x-ratelimit-reset-tokens-minute": "12.5" })).toBe(12_500);
    const both = { "anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "2026-11-21T12:00:10Z" };
    expect(exhausted({ ...both, "anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2026-11-21T12:00:20Z" })).toBe(20_000);
    expect(exhausted({ "anthropic-ratelimit-unified-5h-status": "rejected", "anthropic-ratelimit-unified-5h-reset": String(nowMs / 1000 + 60) })).toBe(60_000);
  });

  test("say nothing while something is left, or when they state no believable time", () => {
    expect(exhausted({ "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "6m0s" })).toBe(undefined);
    expect(exhausted({ "x-ratelimit-remaining-requests": "", "x-ratelimit-reset-requests": "6m0s" })).toBe(undefined);
    expect(exhausted({ "x-ratelimit-remaining-requests": "0" })).toBe(undefined);
    expect(exhausted({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon" })).toBe(undefined);
    expect(exhausted({ "anthropic-ratelimit-unified-status": "allowed", "anthropic-ratelimit-unified-reset": String(nowMs / 1000 + 60) })).toBe(undefined);
  });
});
