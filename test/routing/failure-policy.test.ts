import { describe, expect, test } from "vitest";
import { FAILURE_REASONS, type FailureReason } from "../../src/chat/failure.ts";
import { AFTER_FAILURE, type AfterFailure } from "../../src/routing/failure-policy.ts";

const rowsWhere = (is: (row: AfterFailure) => boolean): FailureReason[] => FAILURE_REASONS.filter((reason) => is(AFTER_FAILURE[reason]));

describe("the failure policy", () => {
  test("a caller's own mistake puts nothing to rest", () => {
    expect(rowsWhere(({ rest }) => rest.scope === "none")).toEqual(["context_length", "content_filter", "format", "cancelled"]);
  });

  test("only a refused or unpaid account rests as a whole", () => {
    expect(rowsWhere(({ rest }) => rest.scope === "profile")).toEqual(["auth", "billing"]);
  });

  test("another account is asked only where accounts differ", () => {
    expect(rowsWhere(({ nextProfile }) => nextProfile)).toEqual(["auth", "permission", "billing", "rate_limit", "usage_limit"]);
  });

  test("no other model is asked for a request that is wrong or that nobody waits for", () => {
    expect(rowsWhere(({ nextModel }) => nextModel === "no")).toEqual(["cancelled"]);
  });

  test("a model is left at once where its vendor is at fault", () => {
    expect(rowsWhere(({ nextModel }) => nextModel === "yes")).toEqual(["overloaded", "timeout", "network", "model_not_found", "unknown"]);
  });

  test("the same is not asked again, however long one waits, where waiting mends nothing", () => {
    expect(rowsWhere(({ later }) => later === "yes")).toEqual(["rate_limit", "usage_limit", "overloaded", "timeout", "network", "unknown"]);
  });

  test("what a failure shows of who was asked: that somebody is there, that the credential is accepted, or nothing", () => {
    expect(rowsWhere(({ shows }) => shows === "nothing")).toEqual(["overloaded", "timeout", "network", "unknown", "cancelled"]);
    expect(rowsWhere(({ shows }) => shows === "the credential is accepted")).toEqual([
      "permission",
      "rate_limit",
      "usage_limit",
      "context_length",
      "content_filter",
    ]);
  });

  test("no rest begins longer than it may become", () => {
    expect(rowsWhere(({ rest }) => rest.firstMs > rest.longestMs)).toEqual([]);
  });
});
