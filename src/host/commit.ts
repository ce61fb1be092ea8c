import { renameSync, unlinkSync } from "node:fs";
import { AppError } from "../kernel/errors.ts";
import { flushFolder } from "./atomic-file.ts";
import { errnoOf } from "./errno.ts";
import { type Pace, realPace } from "./pace.ts";
import { readBytes } from "./read-bytes.ts";
import { type Change, closeFolder, discard, type Keeping, type Staged, stage } from "./stage.ts";
import { writeFailure } from "./write-failure.ts";

/** What Windows answers while a scanner looks at a file. */
const BUSY = new Set(["EPERM", "EACCES", "EBUSY"]);
const BUSY_MS = 10_000;

/**
 * Puts the changes in place of the files, under their locks: all, or none as far as that can be had with several. `again`: somebody without a lock
 * wrote meanwhile, or `isAlone` is false; nothing was written. When it resolves to `written`, the files survive a power cut.
 */
export async function commit(changes: readonly Change[], keeping: Keeping, isAlone: () => boolean): Promise<"written" | "again"> {
  const staged: Staged[] = [];
  let leave = discard;
  try {
    for (const change of changes) staged.push(named(change, () => stage(change, keeping)));
    if (!isAlone() || !changes.every((change) => named(change, () => isAsRead(change)))) return "again";
    await putInPlace(staged);
    leave = closeFolder;
    return "written";
  } finally {
    for (const each of staged) leave(each);
  }
}

async function putInPlace(staged: readonly Staged[]): Promise<void> {
  const done: Staged[] = [];
  for (const each of staged) {
    try {
      if (each.backup !== undefined) await rename(each.backup, `${each.change.file}.bak`);
      await renameOver(each);
      done.push(each);
    } catch (thrown) {
      throw await putBack(done, writeFailure(each.change.name, thrown));
    }
  }
  for (const { change, folder } of staged) flush(change, folder);
}

/** Whether a file still says what was read from it. */
function isAsRead({ file, old }: Change): boolean {
  const now = readBytes(file, old?.bytes.length ?? 0);
  if (old === undefined) return now.kind === "absent";
  return now.kind === "bytes" && now.bytes.equals(old.bytes);
}

async function renameOver({ temporary, change: { file, bytes } }: Staged): Promise<void> {
  try {
    await rename(temporary, file);
  } catch (thrown) {
    // A network disk may lose the answer to a rename that it made (rename(2)).
    const now = readBytes(file, bytes.length);
    if (readBytes(temporary, bytes.length).kind !== "absent" || now.kind !== "bytes" || !now.bytes.equals(bytes)) throw thrown;
  }
}

async function rename(from: string, to: string, pace: Pace = realPace): Promise<void> {
  const startMs = pace.nowMs();
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 1.5, 100)) {
    try {
      renameSync(from, to);
      return;
    } catch (thrown) {
      if (process.platform !== "win32" || !BUSY.has(errnoOf(thrown) ?? "") || pace.nowMs() - startMs > BUSY_MS) throw thrown;
    }
    await pace.wait(waitMs);
  }
}

function flush({ name }: Change, folder: number | undefined): void {
  try {
    if (folder !== undefined) flushFolder(folder);
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    throw new AppError("FILE_WRITE_FAILED", `${name} was written, but may not survive a power cut (${reason})`, {
      hint: "Look at the system's log: the disk reports errors.",
      place: { file: name },
      cause: thrown,
    });
  }
}

/** Several files cannot be replaced at one instant: when a later one fails, those before get their old content again. */
async function putBack(done: readonly Staged[], failure: unknown): Promise<unknown> {
  const stuck: string[] = [];
  for (const { change } of done.toReversed()) {
    try {
      await restore(change);
    } catch (thrown) {
      if (errnoOf(thrown) === undefined && !(thrown instanceof AppError)) throw thrown;
      stuck.push(change.name);
    }
  }
  if (stuck.length === 0 || !(failure instanceof AppError)) return failure;
  return new AppError("FILE_WRITE_FAILED", `${failure.message}; what was already written to ${stuck.join(", ")} could not be taken back`, failure.facts);
}

async function restore(change: Change): Promise<void> {
  if (change.old === undefined) return unlinkSync(change.file);
  const staged = stage({ ...change, bytes: change.old.bytes }, { kept: "config", backup: "none" });
  try {
    await rename(staged.temporary, change.file);
  } finally {
    discard(staged);
  }
}

function named<T>({ name }: Change, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw writeFailure(name, thrown);
  }
}
