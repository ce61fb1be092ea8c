import { chmodSync, statSync } from "node:fs";
import { AppError } from "../kernel/errors.ts";
import { errnoOf } from "./errno.ts";

/** Takes the permission bits that `mode` lacks from what is there; gives none. A link is followed. */
export function restrict(path: string, mode: number): void {
  try {
    const now = statSync(path).mode & 0o7777;
    if ((now & ~mode) === 0) return;
    chmodSync(path, now & mode);
    if ((statSync(path).mode & 0o7777 & ~mode) === 0) return;
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === undefined) throw thrown;
    throw new AppError("FILE_READ_ONLY", `the permissions of ${path} cannot be changed (${reason})`, {
      hint: "Only the owner of a file may do that, on a disk that can be written.",
      place: { file: path },
      cause: thrown,
    });
  }
  throw new AppError("FILE_READ_ONLY", `the permissions of ${path} stay as they are, whatever they are set to`, {
    hint: "Its disk knows no permissions. Keep secrets on one that does.",
    place: { file: path },
  });
}
