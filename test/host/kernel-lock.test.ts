import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beside } from "../../src/host/beside.ts";
import { contendForKernelLock, type KernelCalls } from "../../src/host/kernel-lock.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const lockPath = (): string => beside(path("s.json")).lock;
const EXCLUSIVE = { darwin: 0x20, win32: 0x10000000 };

/** A kernel that keeps an exclusively opened file for one: the flags that Linux does not know are taken away before it sees them. */
function kernel(platform: KernelCalls["platform"], refuses?: string): KernelCalls {
  const open = new Map<number, string>();
  const fails = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  return {
    platform,
    open: (file, flags, mode) => {
      if ((flags & EXCLUSIVE[platform]) === 0) fails("EINVAL");
      if (refuses !== undefined) fails(refuses);
      if ([...open.values()].includes(file)) fails(platform === "darwin" ? "EAGAIN" : "EBUSY");
      const descriptor = openSync(file, flags & ~EXCLUSIVE.win32 & ~EXCLUSIVE.darwin, mode);
      open.set(descriptor, file);
      return descriptor;
    },
    close: (descriptor) => {
      open.delete(descriptor);
      closeSync(descriptor);
    },
  };
}

describe.each(["darwin", "win32"] as const)("a lock that the kernel of %s keeps", (platform) => {
  test("is held by one at a time; its file stays, private and empty", () => {
    const calls = kernel(platform);
    const [first, second] = [contendForKernelLock(path("s.json"), "a", calls), contendForKernelLock(path("s.json"), "b", calls)];
    const held = first.attempt(0);
    expect([held?.held(), held?.tookOver, second.attempt(0)]).toEqual([true, false, undefined]);
    expect(second.holder()).toMatchObject({ pid: process.pid, command: "a" });
    held?.release();
    expect([readFileSync(lockPath(), "utf8"), statSync(lockPath()).mode & 0o777]).toEqual(["", 0o600]);
    expect(second.attempt(1)?.held()).toBe(true);
  });

  test("of a process that died is free; what still stands in it says that somebody died", () => {
    writeFileSync(lockPath(), '{"pid":1}');
    expect(contendForKernelLock(path("s.json"), "a", kernel(platform)).attempt(0)).toMatchObject({ tookOver: true });
  });
});

test("on macOS a lock whose file was put away is held no longer", () => {
  const calls = kernel("darwin");
  const held = contendForKernelLock(path("s.json"), "a", calls).attempt(0);
  renameSync(lockPath(), path("away"));
  expect(held?.held()).toBe(false);
});

test("on a network disk that cannot lock, a lock made by a link does it, under another name", () => {
  const contender = contendForKernelLock(path("s.json"), "a", kernel("darwin", "ENOTSUP"));
  const held = contender.attempt(0);
  expect([held?.held(), existsSync(`${lockPath()}.linked`)]).toEqual([true, true]);
  const other = contendForKernelLock(path("s.json"), "b", kernel("darwin", "ENOTSUP"));
  expect([other.attempt(0), other.holder()?.command]).toEqual([undefined, "a"]);
  held?.release();
  expect(existsSync(`${lockPath()}.linked`)).toBe(false);
});

test("what the system refuses for another reason passes", () => {
  expect(() => contendForKernelLock(path("s.json"), "a", kernel("darwin", "EROFS")).attempt(0)).toThrow("EROFS");
});
