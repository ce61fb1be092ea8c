import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { commit } from "../../src/host/commit.ts";
import { acquireLock } from "../../src/host/file-lock.ts";
import { makeFolders } from "../../src/host/private-folder.ts";
import { readBytes } from "../../src/host/read-bytes.ts";
import type { Change } from "../../src/host/stage.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const umask = isMainThread ? process.umask() : 0;
afterEach(() => {
  if (isMainThread) process.umask(umask);
});

function changeOf(name: string, text: string): Change {
  const read = readBytes(path(name), 1000);
  return { name, file: path(name), old: read.kind === "bytes" ? read : undefined, bytes: Buffer.from(text) };
}

/** Modes of what lies there, with what lies ready as `*.tmp`, several times. */
const modes = (): string[] =>
  readdirSync(path())
    .map((name) => `${name.replace(/^\..*\.tmp$/, "*.tmp")} ${(statSync(path(name)).mode & 0o7777).toString(8)}`)
    .sort();

describe.runIf(isMainThread).each([0o000, 0o002, 0o022, 0o027, 0o077, 0o177, 0o277, 0o777])("under umask %i", (mask) => {
  test("secrets, what lies ready, backups, locks and folders are private; a config has the mode that it had", async () => {
    for (const name of ["store", "config"]) {
      writeFileSync(path(name), "old");
      chmodSync(path(name), 0o644);
    }
    process.umask(mask);
    const lock = await acquireLock(path("store"), { command: "test", timeoutMs: 100 });
    const seen: string[][] = [];
    const look = (): boolean => {
      seen.push(modes());
      return lock.held();
    };
    const secrets = await commit([changeOf("store", "new"), changeOf("fresh", "new")], { kept: "secrets", backup: "current" }, look);
    const config = await commit([changeOf("config", "new")], { kept: "config", backup: "previous" }, look);
    lock.release();
    makeFolders(path("made"));

    expect([secrets, config]).toEqual(["written", "written"]);
    expect(seen).toEqual([
      ["*.tmp 600", "*.tmp 600", "*.tmp 600", "*.tmp 600", ".store.lock 600", "config 644", "store 644"],
      ["*.tmp 600", "*.tmp 644", ".store.lock 600", "config 644", "fresh 600", "fresh.bak 600", "store 600", "store.bak 600"],
    ]);
    expect(modes()).toEqual(["config 644", "config.bak 600", "fresh 600", "fresh.bak 600", "made 700", "store 600", "store.bak 600"]);
  });
});

describe("a commit", () => {
  test("is not made when the lock is lost, and leaves nothing", async () => {
    writeFileSync(path("f"), "old");
    expect(await commit([changeOf("f", "new")], { kept: "config", backup: "current" }, () => false)).toBe("again");
    expect([readdirSync(path()), readFileSync(path("f"), "utf8")]).toEqual([["f"], "old"]);
  });

  test.each([
    ["longer", "old and more"],
    ["shorter", "ol"],
    ["other", "odl"],
  ])("is not made when the file is %s by now", async (_, text) => {
    writeFileSync(path("f"), "old");
    const change = changeOf("f", "new");
    writeFileSync(path("f"), text);
    expect(await commit([change], { kept: "config", backup: "previous" }, () => true)).toBe("again");
    expect([readdirSync(path()), readFileSync(path("f"), "utf8")]).toEqual([["f"], text]);
  });

  test("that fails names the file and the reason, removes what it made, and gives those before it their old content", async () => {
    writeFileSync(path("a"), "old");
    mkdirSync(path("c.bak", "full"), { recursive: true });
    const changes = ["a", "b", "c"].map((name) => changeOf(name, "new"));
    await expect(commit(changes, { kept: "config", backup: "current" }, () => true)).rejects.toMatchObject({
      code: "FILE_WRITE_FAILED",
      message: "c could not be written (EISDIR)",
      facts: { hint: "What was there is unchanged. Check its disk and its folder.", place: { file: "c" } },
    });
    expect([readFileSync(path("a"), "utf8"), readdirSync(path())]).toEqual(["old", ["a", "a.bak", "b.bak", "c.bak"]]);
  });
});
