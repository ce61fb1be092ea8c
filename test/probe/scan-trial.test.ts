import { describe, expect, test } from "vitest";
import { medianOf, summed, type Trial } from "../../src/probe/scan-trial.ts";

const passed = (endMs: number, more: { answer?: string; note?: string } = {}): Trial => ({
  ...{ kind: "passed", firstMs: 1, endMs, tokensPerSecond: undefined },
  ...more,
});
const failed: Trial = { kind: "failed", error: "is over a limit (429)", reason: "rate_limit", httpStatus: 429, hint: "Wait." };

describe("a median", () => {
  test.each<[readonly number[], number | null]>([
    [[], null],
    [[7], 7],
    [[9, 1], 5],
    [[100, 2, 30], 30],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %j", (values, median) => {
    expect(medianOf(values)).toBe(median);
  });
});

describe("several trials", () => {
  test("that all pass show their median and the last answer", () => {
    expect(summed([passed(10.4, { answer: "Red" }), passed(30), passed(20.6, { answer: "red" })], 3)).toEqual({
      ...{ ok: true, latencyMs: 21, passed: 3, trials: 3, answer: "red" },
    });
  });

  test("that mostly pass are well, with a note; what failed does not slow them", () => {
    expect(summed([passed(10), failed, passed(20)], 3)).toEqual({
      ...{ ok: true, latencyMs: 15, passed: 2, trials: 3, note: "passed 2 of 3 times: is over a limit (429)" },
    });
  });

  test("of which half fail are not well", () => {
    expect(summed([passed(10), failed], 2)).toEqual({
      ...{ ok: false, latencyMs: 10, passed: 1, trials: 2, error: "is over a limit (429) (1 of 2 times it passed)" },
      ...{ reason: "rate_limit", httpStatus: 429, hint: "Wait." },
    });
  });

  test("that were not all made count as wished for", () => {
    expect(summed([passed(10), failed], 5)).toMatchObject({ ok: false, passed: 1, trials: 2 });
  });

  test("each note is said once", () => {
    expect(summed([passed(1, { note: "a" }), passed(1, { note: "a" })], 2)).toEqual({ ok: true, latencyMs: 1, passed: 2, trials: 2, note: "a" });
  });

  test("a failure alone says why", () => {
    expect(summed([{ kind: "failed", error: "no", reason: "answer", answer: "pong" }], 1)).toEqual({
      ...{ ok: false, latencyMs: null, passed: 0, trials: 1, error: "no", reason: "answer", answer: "pong" },
    });
  });
});
