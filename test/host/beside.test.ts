import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { beside, candidateName, claimName, leftoverKind } from "../../src/host/beside.ts";
import { ownIdentity } from "../../src/host/identity.ts";
import { deadOwner } from "./owners.ts";

const file = "/state/auth-profiles.json";
const { lock } = beside(file);
const kindOf = (place: string): unknown => leftoverKind(file, basename(place));

describe("what lies beside a file", () => {
  test("has the file's name in its own, behind a dot, and a lock that older agents' folder is not", () => {
    expect(lock).toBe("/state/.auth-profiles.json.lock");
    expect(beside(file).temporary()).toMatch(/^\/state\/\.auth-profiles\.json\.\d+-\d+-\d*-[0-9a-f]{8}\.[\w-]{12}\.tmp$/);
    expect(claimName(lock, "tok")).toBe("/state/.auth-profiles.json.lock.break.tok");
    expect(candidateName(lock)).toMatch(/^\/state\/\.auth-profiles\.json\.lock\.\d+-\d+-\d*-[0-9a-f]{8}\.[\w-]{12}\.t$/);
  });

  test("is told by its name", () => {
    expect(kindOf(beside(file).temporary())).toEqual({ kind: "temporary" });
    expect(kindOf(claimName(lock, "t_-9"))).toEqual({ kind: "claim" });
    expect(kindOf(candidateName(lock))).toEqual({ kind: "candidate", maker: "dead" });
    expect(kindOf(candidateName(claimName(lock, "tok")))).toEqual({ kind: "candidate", maker: "dead" });
  });

  test("names its maker, who may be dead, alive or unknown here", () => {
    const { pid, thread, start } = ownIdentity();
    const mine = `${pid}-${thread}-${start}-`;
    const gone = deadOwner().pid;
    expect(kindOf(candidateName(lock).replace(mine, `${gone}-${gone}-${start}-`))).toEqual({ kind: "candidate", maker: "dead" });
    expect(kindOf(candidateName(lock).replace(mine, `${process.ppid}-${process.ppid}--`))).toEqual({ kind: "candidate", maker: "alive" });
    expect(kindOf(candidateName(lock).replace(/-[0-9a-f]{8}\./, "-00000000."))).toEqual({ kind: "candidate", maker: "foreign" });
  });

  test.each([
    "auth-profiles.json",
    "auth-profiles.json.bak",
    "auth-profiles.json.lock",
    ".auth-profiles.json.lock",
    ".auth-profiles.json.swp",
    ".auth-profiles.json.123.1.tmp",
    ".auth-profiles.json.tmp",
    basename(beside("/state/auth-profiles.json.lock").lock),
    basename(beside("/state/auth-profiles.json.old").temporary()),
    basename(beside("/state/other.json").temporary()),
    basename(candidateName(beside("/state/auth-profiles.json.lock").lock)),
  ])("%s is not of this file's protocol", (name) => {
    expect(leftoverKind(file, name)).toBeUndefined();
  });
});
