import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Identity, ThreadState } from "../../src/host/identity.ts";
import { judge, liveTokens, newOwner, type Owner, readLockRecord } from "../../src/host/lock-record.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const own: Identity = { pid: 100, thread: 100, start: "5", boot: "b1", space: "s1", machine: "m1", hostname: "h1" };
const made = (differs: Partial<Owner>): Owner => ({ ...own, token: "tok", atMs: 0, command: "models set", ...differs });
const sees = (state: ThreadState) => (): ThreadState => state;
const running = sees({ state: "S", start: "5" });

describe("the maker of a lock", () => {
  test.each([
    ["is dead when it is our own thread and does not know the token", {}, running, "dead"],
    ["is alive when it is another thread of our process, as long as that runs", { thread: 101 }, running, "alive"],
    ["is dead when it was another thread of our process", { thread: 101 }, sees("gone"), "dead"],
    ["is dead when our process got the number of one that ended", { start: "4" }, running, "dead"],
    ["is alive when its process runs", { pid: 200, thread: 200 }, running, "alive"],
    ["is dead when its number was given out again", { pid: 200, thread: 200, start: "4" }, running, "dead"],
    ["is dead when its process is gone", { pid: 200, thread: 200 }, sees("gone"), "dead"],
    ["is dead when the machine was started again since", { boot: "b0", space: "s0" }, running, "dead"],
    ["is foreign when it runs in another namespace", { space: "s0" }, sees("gone"), "foreign"],
    ["is foreign when it runs on another machine", { machine: "m0", boot: "b0" }, sees("gone"), "foreign"],
    ["is foreign when the machine has another name", { hostname: "h0" }, sees("gone"), "foreign"],
  ] as const)("%s", (_, differs, stateOf, expected) => {
    expect(judge(made(differs), own, stateOf, new Set())).toBe(expected);
  });

  test("is alive when it is our own thread, and holds it", () => {
    expect(judge(made({}), own, sees("gone"), new Set(["tok"]))).toBe("alive");
  });

  test("is foreign, not dead, when one of the two may not see which start of the machine this is", () => {
    expect(judge(made({ boot: "" }), own, running, new Set())).toBe("foreign");
    expect(judge(made({}), { ...own, boot: "" }, running, new Set())).toBe("foreign");
  });

  test("is foreign, not dead, after another start of a machine that has no id of its own", () => {
    expect(judge(made({ machine: "", boot: "b0" }), { ...own, machine: "" }, running, new Set())).toBe("foreign");
  });
});

test("what stands in a lock is read back as it was written", () => {
  const owner = newOwner("models set");
  writeFileSync(path("lock"), JSON.stringify(owner));
  expect(readLockRecord(path("lock"))).toEqual({ token: owner.token, owner });
  expect(readLockRecord(path("none"))).toBeUndefined();
});

test.each([
  ["an empty file", ""],
  ["half a record", '{"pid":1,"thr'],
  ["zeros, as a power cut may leave", "\0".repeat(200)],
  ["another shape", "[]"],
  ["null", "null"],
  ["a token that would lead to another folder", JSON.stringify({ ...newOwner("x"), token: "../../x" })],
  ["a group of processes instead of one", JSON.stringify({ ...newOwner("x"), pid: -1 })],
  ["a number where a word belongs", JSON.stringify({ ...newOwner("x"), boot: 1 })],
  ["a flood", "x".repeat(5000)],
])("%s is a lock of an unknown owner, named after the file itself", (_, text) => {
  writeFileSync(path("lock"), text);
  const found = readLockRecord(path("lock"));
  expect(found).toEqual({ token: expect.stringMatching(/^file-\d+-\d+$/) });
  expect(readLockRecord(path("lock"))).toEqual(found);
  rmSync(path("lock"));
  writeFileSync(path("other"), "");
  writeFileSync(path("lock"), text);
  expect(readLockRecord(path("lock"))).not.toEqual(found);
});

test("a folder, a circle of links and a file that we may not read are locks of unknown owners too", () => {
  mkdirSync(path("folder"));
  symlinkSync("circle", path("circle"));
  writeFileSync(path("shut"), "{}");
  chmodSync(path("shut"), 0);
  for (const name of ["folder", "circle", "shut"]) expect(readLockRecord(path(name))).toEqual({ token: expect.stringMatching(/^file-/) });
});

test("a long command is cut, and every copy of this code knows the same tokens", () => {
  expect(newOwner("x".repeat(500)).command).toHaveLength(100);
  expect(liveTokens()).toBe(liveTokens());
});
