import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { beside } from "../../src/host/beside.ts";
import { acquireLock, contenderFor } from "../../src/host/file-lock.ts";
import { contendForKernelLock } from "../../src/host/kernel-lock.ts";
import { contendForLinkLock } from "../../src/host/link-lock.ts";
import { threadState } from "../../src/host/identity.ts";
import { newOwner, type Owner } from "../../src/host/lock-record.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { fakePace } from "./fake-pace.ts";
import { foreignOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const lockPath = (): string => beside(path("s.json")).lock;
const plant = (owner: Owner): void => writeFileSync(lockPath(), JSON.stringify(owner));
const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function refusal(): Promise<Pick<AppError, "code" | "message" | "hint">> {
  const thrown = await acquireLock(path("s.json"), { command: "test", timeoutMs: 30_000, pace: fakePace() }).catch((error: unknown) => error);
  if (!(thrown instanceof AppError)) throw thrown;
  const { code, message, hint } = thrown;
  return { code, message, hint };
}

describe("waiting for a lock", () => {
  test("ends when it is let go, after pauses that grow to some ten milliseconds", async () => {
    plant(livingOwner());
    const pace = fakePace((nowMs) => nowMs > 5000 && rmSync(lockPath(), { force: true }));
    const lock = await acquireLock(path("s.json"), { command: "test", timeoutMs: 30_000, pace });
    expect(lock.held()).toBe(true);
    expect(Math.max(...pace.waits)).toBeLessThan(12.3);
    lock.release();
  });

  test("is given up after the time that was set, with who holds it, since when, and what to do", async () => {
    plant({ ...livingOwner(), atMs: Date.UTC(2026, 10, 21, 12, 0, 3) });
    expect(await refusal()).toEqual({
      code: "LOCK_HELD",
      message: `${path("s.json")} is being changed by "models set" (process ${process.ppid}) since 2026-11-21T12:00:03Z`,
      hint: `Wait until it is done, or end it with \`kill ${process.ppid}\`.`,
    });
  });

  test.runIf(process.platform === "linux")("says so when the process that holds it is stopped", async () => {
    const child = spawn("sleep", ["60"]);
    children.push(child);
    child.kill("SIGSTOP");
    const pid = child.pid ?? 0;
    // It stops when its turn on a processor comes.
    await expect.poll(() => threadState(pid, pid)).toMatchObject({ state: "T" });
    plant({ ...newOwner("models set"), pid, thread: pid, start: "" });
    expect((await refusal()).hint).toBe(`That process is stopped: continue it with \`kill -CONT ${pid}\`, or end it.`);
  });

  test("says where it is held when that is not here, and which file to remove when it is not held at all", async () => {
    plant(foreignOwner());
    expect((await refusal()).hint).toBe(`It runs in another container or on another machine. If it is gone, remove ${lockPath()}.`);
    writeFileSync(lockPath(), "");
    expect(await refusal()).toMatchObject({
      message: `${path("s.json")} is being changed by another process`,
      hint: `Try again. If nobody changes it, remove ${lockPath()}.`,
    });
  });

  test("says nothing of a time that is none", async () => {
    plant({ ...livingOwner(), atMs: Number.MAX_SAFE_INTEGER });
    expect((await refusal()).message).toBe(`${path("s.json")} is being changed by "models set" (process ${process.ppid})`);
  });

  test("does not begin when the lock is free, whatever the time", async () => {
    const pace = fakePace();
    const lock = await acquireLock(path("s.json"), { command: "test", timeoutMs: 0, pace });
    expect([lock.held(), pace.waits]).toEqual([true, []]);
    lock.release();
  });
});

test("the kernel locks on macOS and Windows; elsewhere a file with its owner's name in it does", () => {
  expect((["darwin", "win32", "linux", "freebsd"] as const).map(contenderFor)).toEqual([
    contendForKernelLock,
    contendForKernelLock,
    contendForLinkLock,
    contendForLinkLock,
  ]);
});
