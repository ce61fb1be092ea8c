import { describe, expect, test } from "vitest";
import { FAILURE_DETAILS, FAILURE_REASONS, type FailureDetail } from "../../src/chat/failure.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { verdictOf } from "../../src/probe/verdict.ts";

const NOW = Date.UTC(2026, 10, 21);

describe("a failure and what it means", () => {
  test("no failure is ok, and each has a sentence", () => {
    const all = FAILURE_REASONS.flatMap((reason) =>
      [undefined, ...(FAILURE_DETAILS[reason] as readonly FailureDetail[])].map((detail) => ({ reason, detail })),
    );
    const verdicts = all.map(({ reason, detail }) => verdictOf({ reason, ...(detail !== undefined && { detail }), rule: "test" }, NOW));
    expect(verdicts.filter(({ status, error }) => status === "ok" || error === undefined || error.includes("undefined"))).toEqual([]);
  });

  test("old words for old readers, ours besides", () => {
    expect(FAILURE_REASONS.map((reason) => `${reason}: ${verdictOf({ reason, rule: "test" }, NOW).status}`)).toEqual([
      "auth: auth",
      "permission: auth",
      "billing: billing",
      "rate_limit: rate_limit",
      "usage_limit: rate_limit",
      "overloaded: rate_limit",
      "timeout: timeout",
      "network: unknown",
      "context_length: format",
      "content_filter: unknown",
      "format: format",
      "model_not_found: unknown",
      "unknown: unknown",
      "cancelled: unknown",
    ]);
  });

  test("the vendor's words follow ours, short and without secrets", () => {
    const key = new Secret("verdict-canary-0123456789");
    const failure = { reason: "auth", status: 401, code: "bad", message: `no\n ${key.reveal()} ${"so it is ".repeat(40)}`, rule: "test" } as const;
    const { error } = verdictOf(failure, NOW);
    expect(error).toMatch(/^rejects the credential \(401 bad\): no \[secret\] so it is so it is .*…$/);
    expect(error?.length).toBeLessThan(240);
  });

  test("what to do about it goes by the detail: no new key where the key is not at fault", () => {
    const details = ["expired", "region", "suspended", "clock"] as const;
    const hints = details.map((detail) => verdictOf({ reason: "auth", detail, rule: "test" }, NOW).hint);
    expect(hints.map((hint) => hint?.includes("auth add"))).toEqual([true, false, false, false]);
  });

  test("a wait becomes a moment", () => {
    expect(verdictOf({ reason: "rate_limit", retryAfterMs: 1500.4, rule: "test" }, NOW).resetAt).toBe(NOW + 1500);
  });
});
