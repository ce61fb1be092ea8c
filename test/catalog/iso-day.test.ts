import { expect, test } from "vitest";
import { isoDay } from "../../src/catalog/iso-day.ts";

test("a moment is its day in UTC, also one that is in no calendar", () => {
  expect([0, Date.UTC(2026, 10, 21, 23, 59), 8.64e18].map(isoDay)).toEqual(["1970-01-01", "2026-11-21", "9999-12-31"]);
});
