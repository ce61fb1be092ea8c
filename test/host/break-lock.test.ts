import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beside, claimName } from "../../src/host/beside.ts";
import { breakLock, isOver } from "../../src/host/break-lock.ts";
import { readLockRecord, type Owner } from "../../src/host/lock-record.ts";
import { deadOwner, foreignOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const plant = (place: string, owner: Owner): void => writeFileSync(place, JSON.stringify(owner), { mode: 0o600 });
const lockPath = (): string => beside(path("s.json")).lock;

describe("the lock of a dead process", () => {
  test("is removed, and the right to do so with it", () => {
    plant(lockPath(), deadOwner());
    expect(breakLock(lockPath(), "deadlocktokn", "test")).toBe(true);
    expect(readdirSync(path())).toEqual([]);
  });

  test("is removed also when those who were about to died, five in a row", () => {
    plant(lockPath(), deadOwner());
    const tokens = ["deadlocktokn", "dead1", "dead2", "dead3", "dead4", "dead5"];
    for (const [at, token] of tokens.slice(1).entries()) plant(claimName(lockPath(), tokens[at] ?? ""), deadOwner(token));
    expect(breakLock(lockPath(), "deadlocktokn", "test")).toBe(true);
    expect(readdirSync(path())).toEqual([]);
  });

  test("is left to a living process that is at it", () => {
    plant(lockPath(), deadOwner());
    plant(claimName(lockPath(), "deadlocktokn"), livingOwner());
    expect(breakLock(lockPath(), "deadlocktokn", "test")).toBe(false);
    expect(existsSync(lockPath())).toBe(true);
  });

  test("is not removed when it is another one by now", () => {
    plant(lockPath(), livingOwner());
    expect(breakLock(lockPath(), "deadlocktokn", "test")).toBe(true);
    expect(JSON.parse(readFileSync(lockPath(), "utf8")).token).toBe("livingtoken1");
    expect(readdirSync(path())).toHaveLength(1);
  });
});

const overAt = (lock: string, seconds: readonly number[], text: string): boolean[] =>
  seconds.map((age) => {
    writeFileSync(lock, text);
    const at = Date.now() / 1000 - age;
    utimesSync(lock, at, at);
    return isOver(lock, readLockRecord(lock) ?? { token: "" });
  });

test("what cannot be asked is over when it is a minute old; what lives never is", () => {
  const over = (text: string): boolean[] => overAt(lockPath(), [0, 59, 61, 3 * 86_400], text);
  expect({
    foreign: over(JSON.stringify(foreignOwner())),
    empty: over(""),
    living: over(JSON.stringify(livingOwner())),
    dead: over(JSON.stringify(deadOwner())),
  }).toEqual({
    foreign: [false, false, true, true],
    empty: [false, false, true, true],
    living: [false, false, false, false],
    dead: [true, true, true, true],
  });
});

test("the lock of a renewal that cannot be asked is over when it is two minutes old", () => {
  const { lock } = beside(path("s.json.refresh-0123456789abcdef"));
  const ages = [59, 61, 119, 121];
  expect([overAt(lock, ages, JSON.stringify(foreignOwner())), overAt(lock, ages, "")]).toEqual([
    [false, false, false, true],
    [false, false, false, true],
  ]);
});
