import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { beside, candidateName, claimName } from "../../src/host/beside.ts";
import { ownIdentity } from "../../src/host/identity.ts";
import { newOwner, type Owner } from "../../src/host/lock-record.ts";
import { leftovers, sweep } from "../../src/host/sweep.ts";
import { deadOwner, foreignOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

test("what the dead left is removed; what lives, is young and foreign, or belongs to other files stays", () => {
  const file = path("s.json");
  const { lock, temporary } = beside(file);
  const { pid, thread, start } = ownIdentity();
  const candidateOf = (maker: string): string => candidateName(lock).replace(`${pid}-${thread}-${start}-`, maker);
  const { pid: gone } = deadOwner();
  const foreign = (): string => candidateName(lock).replace(/-[0-9a-f]{8}\./, "-00000000.");
  const make = (place: string, owner?: Owner, agedSeconds = 0): string => {
    writeFileSync(place, owner === undefined ? "" : JSON.stringify(owner));
    const at = Date.now() / 1000 - agedSeconds;
    utimesSync(place, at, at);
    return place;
  };
  const dead = [
    make(temporary()),
    make(temporary(), foreignOwner()),
    make(candidateName(lock)),
    make(candidateOf(`${gone}-${gone}-1-`)),
    make(foreign(), undefined, 61),
    make(claimName(lock, "a"), deadOwner()),
    make(claimName(lock, "b"), newOwner("left by this thread")),
    make(claimName(lock, "c"), foreignOwner(), 61),
    make(claimName(lock, "d"), undefined, 61),
  ];
  const rest = [
    make(file),
    make(`${file}.bak`),
    make(lock, livingOwner()),
    make(candidateOf(`${process.ppid}-${process.ppid}--`)),
    make(foreign(), undefined, 30),
    make(claimName(lock, "e"), livingOwner()),
    make(claimName(lock, "f"), foreignOwner()),
    make(beside(path("other.json")).temporary()),
    make(beside(`${file}.old`).temporary()),
  ];
  expect(leftovers(file).sort()).toEqual(dead.sort());
  sweep(file);
  expect(readdirSync(path()).sort()).toEqual(rest.map((place) => basename(place)).sort());
});

test("a folder that cannot be read fails nobody", () => {
  sweep(path("none", "s.json"));
  expect(existsSync(path("none"))).toBe(false);
});
