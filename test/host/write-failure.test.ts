import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { strangerName, writeFailure } from "../../src/host/write-failure.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const failed = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });
function saidOf(file: string, code: string): unknown {
  const said = writeFailure(file, failed(code));
  return said instanceof AppError ? [said.code, said.message, said.hint] : said;
}

describe("a write that the system refused", () => {
  test.each([
    ["ENOSPC", "The disk is full: make room and try again."],
    ["EDQUOT", "Your quota on this disk is used up: make room and try again."],
    ["EIO", "The disk reports errors: look at the system's log before you try again."],
    ["EMFILE", "Too many files are open: raise the limit (`ulimit -n`) and try again."],
    ["EBUSY", "Check its disk and its folder."],
  ])("with %s is named with its path, its code and what to do", (code, hint) => {
    expect(saidOf("/state/s.json", code)).toEqual([
      "FILE_WRITE_FAILED",
      `/state/s.json could not be written (${code})`,
      `What was there is unchanged. ${hint}`,
    ]);
  });

  test("because the disk is read-only says that", () => {
    expect(saidOf("/state/s.json", "EROFS")).toEqual([
      "FILE_READ_ONLY",
      "/state/s.json lies on a disk that is mounted read-only (EROFS)",
      "It is as it was. Change it where it is made, or mount the disk for writing.",
    ]);
  });

  test("because of permissions says whose the file, or else its folder, is", () => {
    writeFileSync(path("mine"), "");
    expect(saidOf(path("mine"), "EACCES")).toEqual([
      "FILE_READ_ONLY",
      `${path("mine")} may not be written by this user (EACCES)`,
      `Look at the permissions of ${path()}; your own folders want \`chmod u+rwx\`.`,
    ]);
    if (process.getuid?.() === 0) return;
    expect(saidOf("/etc/passwd", "EACCES")).toEqual([
      "FILE_READ_ONLY",
      "/etc/passwd belongs to root (EACCES)",
      "Run this as root, or have the file given to you.",
    ]);
    expect(saidOf("/etc/not-there", "EPERM")).toEqual([
      "FILE_READ_ONLY",
      "/etc/not-there may not be written: its folder belongs to root (EPERM)",
      "Run this as root, or have /etc given to you.",
    ]);
  });

  test("is passed on when it is named already, or is a bug", () => {
    const named = new AppError("LOCK_HELD", "m", { hint: "h" });
    const bug = new RangeError("bug");
    expect([writeFailure("/f", named), writeFailure("/f", bug)]).toEqual([named, bug]);
  });
});

test.runIf(process.getuid !== undefined)("a stranger is called by name where one is known, by number elsewhere; we ourselves are none", () => {
  const ours = process.getuid?.() ?? 0;
  expect([strangerName({ uid: ours }), strangerName({ uid: 4_000_000 })]).toEqual([undefined, "user 4000000"]);
});
