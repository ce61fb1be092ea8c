import { expect, test } from "vitest";
import { agoText, isoTime, parseDuration, shortDuration, utcMinute } from "../../src/kernel/duration.ts";

test("durations are read with units, compounds and a bare unit", () => {
  const rows = [
    ["500ms", 500],
    ["90s", 90_000],
    ["15m", 900_000],
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["3", 259_200_000],
    [" 2D ", 172_800_000],
  ] as const;
  expect(rows.map(([text]) => parseDuration(text, "d"))).toEqual(rows.map(([, ms]) => ms));
});

test("what is no duration is undefined", () => {
  expect(["", "soon", "-1h", "1 h", "h", "1h30", "1y", "NaN"].map((text) => parseDuration(text, "d"))).toEqual(Array.from({ length: 8 }));
});

test("short durations use one unit", () => {
  const rows = [
    [undefined, "unknown"],
    [-5, "0m"],
    [0, "0m"],
    [1, "1m"],
    [59 * 60_000, "59m"],
    [3_600_000, "1h"],
    [47 * 3_600_000, "47h"],
    [48 * 3_600_000, "2d"],
  ] as const;
  expect(rows.map(([ms]) => shortDuration(ms))).toEqual(rows.map(([, text]) => text));
});

test("what has only just been is less than a minute ago, also where a clock was set back", () => {
  expect([-5000, 0, 59_000, 60_000, 7_200_000].map(agoText)).toEqual(["<1m ago", "<1m ago", "<1m ago", "1m ago", "2h ago"]);
});

test("a moment is written with four digits for the year, also where a file holds one that no calendar has", () => {
  const at = Date.UTC(2026, 10, 21, 12, 0, 0, 250);
  expect([at, 9e15, 1e300, -9e15, 253_402_300_800_000].map(isoTime)).toEqual([
    "2026-11-21T12:00:00.250Z",
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999Z",
    "0000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ]);
  expect([at, 9e15].map(utcMinute)).toEqual(["2026-11-21 12:00 UTC", "9999-12-31 23:59 UTC"]);
});
