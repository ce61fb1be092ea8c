import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beside } from "../../src/host/beside.ts";
import { contendForLinkLock } from "../../src/host/link-lock.ts";
import { liveTokens, newOwner, type Owner } from "../../src/host/lock-record.ts";
import { deadOwner, foreignOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const lockPath = (): string => beside(path("s.json")).lock;
const plant = (owner: Owner, agedSeconds = 0): void => {
  writeFileSync(lockPath(), JSON.stringify(owner), { mode: 0o600 });
  const at = Date.now() / 1000 - agedSeconds;
  utimesSync(lockPath(), at, at);
};
const contend = (): ReturnType<typeof contendForLinkLock> => contendForLinkLock(path("s.json"), "aliases add");

describe("a lock made by a link", () => {
  test("is held by one, says who that is, and is gone when let go", () => {
    const [first, second] = [contend(), contend()];
    const held = first.attempt(0);
    expect(held?.held()).toBe(true);
    expect(second.attempt(0)).toBeUndefined();
    expect(second.holder()).toMatchObject({ pid: process.pid, command: "aliases add" });
    const { token = "" } = second.holder() ?? {};
    expect(liveTokens().has(token)).toBe(true);
    held?.release();
    expect(liveTokens().has(token)).toBe(false);
    expect(existsSync(lockPath())).toBe(false);
    expect(second.attempt(1)?.tookOver).toBe(false);
  });

  test("of a dead process is taken over at once", () => {
    plant(deadOwner());
    const held = contend().attempt(0);
    expect(held).toMatchObject({ tookOver: true });
    expect(held?.held()).toBe(true);
  });

  test("that this thread itself left behind is taken over", () => {
    plant(newOwner("models set"));
    expect(contend().attempt(0)).toMatchObject({ tookOver: true });
  });

  test("of a living process is never taken, however old it is", () => {
    plant(livingOwner(), 3 * 86_400);
    const contender = contend();
    expect([0, 60_000, 3_600_000].map((nowMs) => contender.attempt(nowMs))).toEqual([undefined, undefined, undefined]);
    expect(JSON.parse(readFileSync(lockPath(), "utf8")).token).toBe("livingtoken1");
  });

  test("of a process with the number of a living one, but begun at another time, is taken over", () => {
    plant({ ...livingOwner(), start: "1" });
    if (process.platform === "linux") expect(contend().attempt(0)).toMatchObject({ tookOver: true });
  });

  test("from elsewhere is taken over when it is a minute old and was watched for two seconds", () => {
    plant(foreignOwner(), 61);
    const contender = contend();
    expect([0, 1000, 1999].map((nowMs) => contender.attempt(nowMs))).toEqual([undefined, undefined, undefined]);
    expect(contender.attempt(2600)).toMatchObject({ tookOver: true });
  });

  test("from elsewhere that is younger, or comes from the future, is waited for", () => {
    for (const agedSeconds of [1, 55, -3600, -3 * 86_400]) {
      plant(foreignOwner(`tok${agedSeconds}`), agedSeconds);
      const contender = contend();
      expect([0, 2600, 5200].map((nowMs) => contender.attempt(nowMs))).toEqual([undefined, undefined, undefined]);
    }
  });

  test("from elsewhere is watched anew when its holder changes", () => {
    plant(foreignOwner("one"), 100);
    const contender = contend();
    contender.attempt(0);
    plant(foreignOwner("two"), 100);
    expect(contender.attempt(2600)).toBeUndefined();
    expect(contender.attempt(5200)).toMatchObject({ tookOver: true });
  });

  test("without a readable owner is held, until it is a minute old", () => {
    writeFileSync(lockPath(), "");
    const contender = contend();
    expect([0, 2600].map((nowMs) => contender.attempt(nowMs))).toEqual([undefined, undefined]);
    const old = Date.now() / 1000 - 61;
    utimesSync(lockPath(), old, old);
    expect([10_000, 12_600].map((nowMs) => contender.attempt(nowMs)?.tookOver)).toEqual([undefined, true]);
  });

  test("that somebody removed, or another took, is held no longer, and letting go leaves theirs alone", () => {
    const held = contend().attempt(0);
    rmSync(lockPath());
    expect(held?.held()).toBe(false);
    plant(livingOwner());
    held?.release();
    expect(existsSync(lockPath())).toBe(true);
  });
});
