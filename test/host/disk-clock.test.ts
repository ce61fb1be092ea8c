import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diskNowMs, isOlderThan } from "../../src/host/disk-clock.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

test("a file is old or new by the disk's clock, and what asks for the time leaves nothing", () => {
  writeFileSync(path("file"), "");
  const nowSeconds = diskNowMs(path("file")) / 1000;
  const olderAt = (seconds: number): boolean => {
    utimesSync(path("file"), nowSeconds + seconds, nowSeconds + seconds);
    return isOlderThan(path("file"), 60_000);
  };
  expect([-3600, -61, -50, 0, 3600].map(olderAt)).toEqual([true, true, false, false, false]);
  expect(isOlderThan(path("gone"), 0)).toBe(false);
  expect(readdirSync(path())).toEqual(["file"]);
});
