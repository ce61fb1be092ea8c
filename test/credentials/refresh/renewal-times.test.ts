import { describe, expect, test } from "vitest";
import { dueOf, expiresAtMs, type LoginTimes, refreshAtMs } from "../../../src/credentials/refresh/renewal-times.ts";
import { NOW } from "../open-facts.ts";

const MINUTE = 60_000;
const timesOf = (lifetimeSeconds: number): LoginTimes => ({ expiresAtMs: expiresAtMs(NOW, lifetimeSeconds), obtainedAtMs: NOW, lifetimeSeconds });

describe("when a login is renewed", () => {
  test.each([
    ["a day", 86_400, 1439, 10],
    ["an hour", 3600, 59, 10],
    ["ten minutes", 600, 9, 2],
    ["three minutes", 180, 2, 1],
    ["a minute", 60, 0.5, 0.25],
  ])("a life of %s: so many minutes before the end, and up to half of that earlier", (_, lifetime, end, lead) => {
    const times = timesOf(lifetime);
    expect([times.expiresAtMs - NOW, times.expiresAtMs - refreshAtMs(times, 0), times.expiresAtMs - refreshAtMs(times, 1)].map((ms) => ms / MINUTE)).toEqual([
      end,
      lead,
      lead * 1.5,
    ]);
  });

  test("it is fresh, then due, then over", () => {
    const times = timesOf(3600);
    expect([0, 43, 45, 58, 59, 600].map((minutes) => dueOf(times, NOW + minutes * MINUTE, 1))).toEqual(["fresh", "fresh", "due", "due", "expired", "expired"]);
  });

  test("a clock that was set back makes it due: the issuer knows", () => {
    const times = timesOf(3600);
    expect([-0.5, -2, -4320].map((minutes) => dueOf(times, NOW + minutes * MINUTE, 0))).toEqual(["fresh", "due", "due"]);
    expect(dueOf({ ...times, obtainedAtMs: 0, expiresAtMs: NOW + 600 * MINUTE }, NOW, 0)).toBe("due");
  });
});
