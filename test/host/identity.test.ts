import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { lifeOf, ownIdentity, threadState } from "../../src/host/identity.ts";

const hasProc = existsSync("/proc/thread-self/stat");
const somebody = { pid: 4000, thread: 4001, start: "777" };

test.runIf(hasProc)("this thread is known by its number and by when it began, and is seen as it knows itself", () => {
  const own = ownIdentity();
  expect(own).toMatchObject({ pid: process.pid, start: expect.stringMatching(/^\d+$/), boot: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(threadState(own.pid, own.thread)).toMatchObject({ start: own.start });
  expect(lifeOf(own)).toBe("alive");
});

test("a process that ended is gone, and so is a thread of ours that never was", () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  expect(threadState(pid, pid)).toBe("gone");
  expect(lifeOf({ pid, thread: pid, start: "" })).toBe("dead");
  if (hasProc) expect(threadState(process.pid, 1)).toBe("gone");
});

test.runIf(hasProc)("a worker thread is another than the main thread, and dead when it has ended while the process goes on", async () => {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage(require("node:fs").readFileSync("/proc/thread-self/stat", "utf8"))', {
    eval: true,
  });
  // Its last message and its end can come in one turn: both are waited for from the beginning.
  const [[stat]] = (await Promise.all([once(worker, "message"), once(worker, "exit")])) as [[string], unknown];
  const thread = Number.parseInt(stat, 10);
  expect(thread).not.toBe(ownIdentity().thread);
  expect(threadState(process.pid, thread)).toBe("gone");
});

describe("a thread that was there", () => {
  test.each([
    ["with the same beginning lives", { state: "S", start: "777" }, "alive"],
    ["that is stopped lives", { state: "T", start: "777" }, "alive"],
    ["whose number was given out again is dead", { state: "R", start: "778" }, "dead"],
    ["that nobody waited for is dead", { state: "Z", start: "777" }, "dead"],
    ["that is gone is dead", "gone", "dead"],
    ["of which nothing can be seen counts as alive", "unknown", "alive"],
  ] as const)("%s", (_, state, expected) => {
    expect(lifeOf(somebody, () => state)).toBe(expected);
  });

  test("that did not know its beginning lives as long as a process of its number", () => {
    const seen = (pid: number, thread: number): { state: string; start: string } | "gone" => (pid === thread ? { state: "S", start: "1" } : "gone");
    expect(lifeOf({ ...somebody, thread: 0, start: "" }, seen)).toBe("alive");
    expect(lifeOf({ ...somebody, start: "" }, () => "gone")).toBe("dead");
  });
});
