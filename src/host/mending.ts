import { existsSync, lstatSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { AppError } from "../kernel/errors.ts";
import type { BringBack, Mending } from "../kernel/mending.ts";
import { type Alone, aloneWith } from "./alone.ts";
import { removeQuietly } from "./atomic-file.ts";
import { beside, type Leftover, leftoverKind } from "./beside.ts";
import { LEASE_MS } from "./break-lock.ts";
import { commit } from "./commit.ts";
import { errnoOf } from "./errno.ts";
import { threadState } from "./identity.ts";
import { judge, readLockRecord } from "./lock-record.ts";
import { restrict } from "./permissions.ts";
import { readBytes } from "./read-bytes.ts";
import { realTarget } from "./real-target.ts";
import type { OldFile } from "./stage.ts";
import { sweep } from "./sweep.ts";
import { writeFailure } from "./write-failure.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ROUNDS = 10;

export const nodeMending: Mending = {
  restrict,
  bringBack: async (what) => {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const done = await aloneWith([what.file], what, (alone) => bringBackAlone(what, alone));
      if (done !== "again") return done === "written" ? "done" : done;
    }
    throw new AppError("FILE_CHANGED", `${what.file}: somebody else wrote each time that it was to be written`, {
      hint: "Nothing was written. Try again when the other program is done.",
      place: { file: what.file },
    });
  },
  leftovers: deadLeftovers,
  sweep: async (file, command) => {
    const before = deadLeftovers(file);
    await aloneWith([file], { kept: "config", command }, async () => {
      sweep(realTarget(file).file);
      for (const left of before) if (isAbandoned(left)) removeQuietly(left);
    });
    return before.filter((left) => !existsSync(left));
  },
};

async function bringBackAlone({ file, backup, aside, kept, isNeeded }: BringBack, alone: Alone): Promise<"written" | "again" | "not needed"> {
  if (!isNeeded()) return "not needed";
  const [old, good] = [file, backup].map(bytesOf);
  const [target] = alone.targets;
  if (old === undefined || good === undefined || target === undefined) return "not needed";
  const changes = [
    { name: aside, file: aside, old: undefined, bytes: old.bytes },
    { name: file, file: target.file, old, bytes: good.bytes },
  ];
  return commit(changes, { kept, backup: "none" }, alone.isStill);
}

function bytesOf(file: string): OldFile | undefined {
  try {
    const read = readBytes(file, MAX_BYTES);
    return read.kind === "bytes" ? read : undefined;
  } catch (thrown) {
    throw writeFailure(file, thrown);
  }
}

/** Looks only, and takes no lock: whatever may belong to somebody who lives, or cannot be asked, is left out. */
function deadLeftovers(file: string): string[] {
  // Where the kernel locks a file, the file itself stays for ever.
  if (process.platform === "darwin" || process.platform === "win32") return [];
  try {
    const real = realTarget(file).file;
    const folder = path.dirname(real);
    const names = readdirSync(folder);
    const { lock } = beside(real);
    const lockIs = stateOf(lock);
    const own = names.filter((name) => name.startsWith(`.${path.basename(real)}.`)).map((name) => path.join(folder, name));
    const left = own.filter((place) => isDead(place, leftoverKind(real, path.basename(place)), lockIs) || isAbandoned(place));
    return lockIs === "dead" ? [lock, ...left] : left;
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
    return [];
  }
}

type LockState = "absent" | "dead" | "perhaps alive";

function isDead(place: string, left: Leftover | undefined, lockIs: LockState): boolean {
  if (left?.kind === "candidate") return left.maker === "dead";
  if (left?.kind === "claim") return stateOf(place) === "dead";
  // Only the holder of the lock makes these; one that is gone by now was renamed by a living holder.
  return left?.kind === "temporary" && lockIs !== "perhaps alive" && existsSync(place);
}

/** A cache in the making, which takes no lock: old, and its maker's number belongs to nobody here. */
function isAbandoned(place: string): boolean {
  const pid = /\.(\d+)\.\d+\.tmp$/.exec(place)?.[1];
  const stats = pid === undefined ? undefined : lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined || threadState(Number(pid), Number(pid)) !== "gone") return false;
  return Date.now() - stats.mtimeMs >= LEASE_MS;
}

function stateOf(lock: string): LockState {
  const record = readLockRecord(lock);
  if (record === undefined) return "absent";
  return record.owner !== undefined && judge(record.owner) === "dead" ? "dead" : "perhaps alive";
}
