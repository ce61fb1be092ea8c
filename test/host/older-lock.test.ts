import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { olderLock } from "../../src/host/older-lock.ts";
import { fakePace } from "./fake-pace.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const store = (): string => path("auth-profiles.json");
const folder = (): string => path("auth-profiles.json.lock");
const touch = (secondsAgo: number): void => {
  mkdirSync(folder(), { recursive: true });
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(folder(), at, at);
};

describe("the lock folder of an older agent", () => {
  test("that is not there, or is a file, holds nobody up", async () => {
    const pace = fakePace();
    await olderLock(store()).gone(1000, pace);
    writeFileSync(folder(), "");
    await olderLock(store()).gone(1000, pace);
    expect(pace.waits).toEqual([]);
  });

  test("that was touched lately is waited for, and left alone", async () => {
    touch(5);
    const pace = fakePace((nowMs) => nowMs >= 4000 && rmSync(folder(), { recursive: true, force: true }));
    await olderLock(store()).gone(30_000, pace);
    expect([pace.nowMs(), readdirSync(path())]).toEqual([4000, []]);
  });

  test("that was not touched for half a minute is passed by, and stays", async () => {
    touch(31);
    const pace = fakePace();
    const lock = olderLock(store());
    await lock.gone(30_000, pace);
    expect([pace.waits, existsSync(folder()), lock.isTaken()]).toEqual([[], true, false]);
  });

  test.each([3600, 3 * 86_400])("whose holder's clock is %d s fast is passed by when nobody touches it for half a minute", async (fastSeconds) => {
    touch(-fastSeconds);
    const pace = fakePace();
    await olderLock(store()).gone(30_000, pace);
    expect(pace.nowMs()).toBeGreaterThanOrEqual(30_000);
    expect(readdirSync(path())).toEqual(["auth-profiles.json.lock"]);
  });

  test("that is touched again and again is in use; then the user is told", async () => {
    touch(0);
    const pace = fakePace((nowMs) => touch(-nowMs / 1000));
    await expect(olderLock(store()).gone(60_000, pace)).rejects.toMatchObject({
      code: "LOCK_HELD",
      message: `${store()} is being changed by an agent of an earlier version`,
      facts: { hint: `Try again when it is done. If none is running, remove the folder ${folder()}.` },
    });
  });

  test("that appears, or is touched, afterwards is noticed", async () => {
    const lock = olderLock(store());
    await lock.gone(1000, fakePace());
    expect(lock.isTaken()).toBe(false);
    touch(40);
    expect(lock.isTaken()).toBe(true);
    await lock.gone(1000, fakePace());
    expect(lock.isTaken()).toBe(false);
    touch(0);
    expect(lock.isTaken()).toBe(true);
  });
});
