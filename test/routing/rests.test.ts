import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FAILURE_REASONS, type FailureReason, type UpstreamFailure } from "../../src/chat/failure.ts";
import { AFTER_FAILURE, afterFailure } from "../../src/routing/failure-policy.ts";
import { configuredLimits, STANDARD_LIMITS } from "../../src/routing/limits.ts";
import { isForgotten, restAfter, stateOf } from "../../src/routing/rests.ts";
import type { RestRow } from "../../src/state/state-store.ts";
import { openFacts } from "../credentials/open-facts.ts";

const T0 = Date.UTC(2026, 10, 21, 12);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const settings = STANDARD_LIMITS().cooldowns;

/** Failures one after the other, each begun after the rest before it was over. */
const inARow = (failures: readonly Partial<UpstreamFailure>[], random = 0.5): RestRow[] => {
  const rows: RestRow[] = [];
  for (const failure of failures) {
    const before = rows.at(-1);
    const atMs = Math.max(before?.untilMs ?? T0, before?.sinceMs ?? T0) + 1;
    rows.push(restAfter("key", before, { failure: { reason: "unknown", rule: "test", ...failure }, startedMs: atMs, atMs, random }, settings, "openai"));
  }
  return rows;
};
const resting: readonly FailureReason[] = FAILURE_REASONS.filter((reason) => AFTER_FAILURE[reason].rest.scope !== "none");
const reasons = fc.constantFrom(...resting);
const hints = fc.integer({ min: 1, max: 31 * 24 * HOUR });
const randoms = fc.double({ min: 0, max: 0.999, noNaN: true });
const upTo = (reason: FailureReason): number => (reason === "billing" ? 24 * HOUR : afterFailure({ reason }).rest.longestMs);

describe("the algebra of rests", () => {
  test("a rest is never shorter than the vendor's hint where hints count, and longer by a tenth or five seconds at most", () => {
    fc.assert(
      fc.property(reasons, hints, randoms, fc.integer({ min: 1, max: 8 }), (reason, retryAfterMs, random, times) => {
        fc.pre(afterFailure({ reason }).rest.hint === "counts");
        const [last] = inARow(
          Array.from({ length: times }, () => ({ reason, retryAfterMs })),
          random,
        ).slice(-1);
        const restMs = (last?.untilMs ?? 0) - (last?.sinceMs ?? 0);
        expect(restMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(restMs).toBeLessThanOrEqual(retryAfterMs + Math.min(retryAfterMs / 10, 5 * SECOND));
      }),
    );
  });

  test("without a hint, or where none counts, it is never longer than its longest", () => {
    fc.assert(
      fc.property(reasons, fc.option(hints, { nil: undefined }), randoms, fc.integer({ min: 1, max: 60 }), (reason, retryAfterMs, random, times) => {
        fc.pre(retryAfterMs === undefined || afterFailure({ reason }).rest.hint === "ignored");
        const failure = { reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
        for (const row of inARow(
          Array.from({ length: times }, () => failure),
          random,
        ))
          expect(row.lastRestMs).toBeLessThanOrEqual(upTo(reason));
      }),
    );
  });

  test("it never becomes shorter while failures follow one another", () => {
    fc.assert(
      fc.property(reasons, randoms, fc.integer({ min: 2, max: 40 }), (reason, random, times) => {
        const rests = inARow(
          Array.from({ length: times }, () => ({ reason })),
          random,
        ).map(({ lastRestMs }) => lastRestMs);
        expect(rests).toEqual(rests.toSorted((a, b) => a - b));
      }),
    );
  });

  test("a burst that was under way when the rest began counts once", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<FailureReason>("rate_limit", "auth", "billing", "overloaded", "permission"),
        fc.integer({ min: 1, max: 300 }),
        (reason, burst) => {
          let row: RestRow | undefined;
          for (let i = 0; i <= burst; i++)
            row = restAfter("key", row, { failure: { reason, rule: "test" }, startedMs: T0, atMs: T0 + i, random: 0.5 }, settings, "openai");
          expect(row?.failures).toBe(1);
        },
      ),
    );
  });

  test("what is at rest returns: free, or to be tried, never anything else", () => {
    fc.assert(
      fc.property(
        reasons,
        fc.option(hints, { nil: undefined }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(100 * 24 * HOUR),
        (reason, retryAfterMs, times, laterMs) => {
          const [row] = inARow(Array.from({ length: times }, () => ({ reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }))).slice(-1);
          if (row === undefined) return;
          const state = stateOf(row, row.untilMs + laterMs, settings).kind;
          expect(["free", "to try"]).toContain(state);
        },
      ),
    );
  });
});

describe("how long", () => {
  const rests = (reason: FailureReason, times: number): number[] =>
    inARow(
      Array.from({ length: times }, () => ({ reason })),
      1,
    ).map(({ lastRestMs }) => lastRestMs / SECOND);

  test("a rate limit rests from 5 s to 5 min, an overload from 1 s to 1 min", () => {
    expect(rests("rate_limit", 8)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    expect(rests("overloaded", 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("an address rests after the fifth failure in a row, and after the second silence", () => {
    expect(rests("network", 10)).toEqual([0, 0, 0, 0, 5, 10, 20, 40, 60, 60]);
    expect(rests("timeout", 4)).toEqual([0, 5, 10, 20]);
  });

  test("a refused credential rests from 15 min to 6 h, an unpaid one from 5 h to 24 h", () => {
    expect(rests("auth", 6)).toEqual([900, 1800, 3600, 7200, 14400, 21600]);
    expect(rests("billing", 4)).toEqual([18000, 36000, 72000, 86400]);
  });

  test("the config says otherwise, also for one provider", () => {
    const cooldowns = { rateLimitSeconds: 30, overloadSeconds: 90, networkSeconds: 2, billingBackoffHours: 1, billingMaxHours: 3 };
    const own = configuredLimits(
      { value: { auth: { cooldowns: { ...cooldowns, billingBackoffHoursByProvider: { groq: 2, "Z.AI": 3 } } } } },
      openFacts().registry,
    ).cooldowns;
    const first = (reason: FailureReason, provider: string, failures = 0): number => {
      const before = { key: "key", untilMs: T0, failures, reason, sinceMs: T0, lastRestMs: failures >= 5 ? 1 : 0 };
      return (
        restAfter("key", failures === 0 ? undefined : before, { failure: { reason, rule: "test" }, startedMs: T0 + 1, atMs: T0 + 1, random: 1 }, own, provider)
          .lastRestMs / SECOND
      );
    };
    expect([first("rate_limit", "openai"), first("overloaded", "openai"), first("network", "openai", 4)]).toEqual([30, 90, 2]);
    expect([first("billing", "openai"), first("billing", "groq"), first("billing", "zai")]).toEqual([3600, 7200, 10_800]);
  });

  test("a rate limit of more than a quarter of an hour is a limit that lasts", () => {
    const [short, long] = [14 * MINUTE, 16 * MINUTE].map((retryAfterMs) => inARow([{ reason: "rate_limit", retryAfterMs }])[0]?.reason);
    expect([short, long]).toEqual(["rate_limit", "usage_limit"]);
  });
});

describe("a rest that was noted while the clock stood a year ahead", () => {
  const ahead = inARow([{ reason: "rate_limit", retryAfterMs: 30 * SECOND }]).map((row) => ({
    ...row,
    sinceMs: row.sinceMs + 365 * 24 * HOUR,
    untilMs: row.untilMs + 365 * 24 * HOUR,
  }));

  test("keeps nothing out of service once the clock is right again", () => {
    expect(ahead.map((row) => stateOf(row, T0, settings))).toEqual([{ kind: "free" }]);
  });

  test("is not counted on by the next failure", () => {
    const noted = { failure: { reason: "rate_limit", rule: "test" }, startedMs: T0, atMs: T0 + 1, random: 1 } as const;
    expect(ahead.map((row) => restAfter("key", row, noted, settings, "openai"))).toEqual([restAfter("key", undefined, noted, settings, "openai")]);
  });

  test("by less than a minute counts: the clocks of two programs may differ so much", () => {
    const [row] = inARow([{ reason: "rate_limit", retryAfterMs: 30 * SECOND }]);
    expect(row === undefined ? undefined : stateOf(row, T0 - 50 * SECOND, settings).kind).toBe("resting");
  });
});

describe("counting begins anew", () => {
  const row = (more: Partial<RestRow>): RestRow => ({
    key: "key",
    untilMs: T0,
    failures: 3,
    reason: "rate_limit",
    sinceMs: T0 - 20 * SECOND,
    lastRestMs: 20 * SECOND,
    ...more,
  });

  test("after twice the last rest without a failure", () => {
    expect([40, 41].map((seconds) => isForgotten(row({}), T0 + seconds * SECOND, settings))).toEqual([false, true]);
  });

  test("of an address that did not rest yet, after half a minute", () => {
    const counted = row({ lastRestMs: 0, sinceMs: T0 });
    expect([30, 31].map((seconds) => isForgotten(counted, T0 + seconds * SECOND, settings))).toEqual([false, true]);
  });

  test("after failureWindowHours at the latest", () => {
    const long = row({ lastRestMs: 20 * HOUR });
    expect([23, 25].map((hours) => isForgotten(long, T0 + hours * HOUR, settings))).toEqual([false, true]);
  });

  test("with another credential", () => {
    const marked = row({ untilMs: T0 + HOUR, credential: "…aaaaaa" });
    expect([stateOf(marked, T0, settings, "…aaaaaa").kind, stateOf(marked, T0, settings, "…bbbbbb").kind, stateOf(marked, T0, settings).kind]).toEqual([
      "resting",
      "free",
      "resting",
    ]);
  });
});
