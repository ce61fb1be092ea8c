import { closeSync, constants, mkdirSync, openSync, writeSync } from "node:fs";
import * as path from "node:path";
import { writeFailure } from "./write-failure.ts";

/** One write of the whole line: the system puts it behind all others. Never through a link. */
export function appendLine(file: string, line: string): void {
  try {
    const descriptor = open(file);
    try {
      writeSync(descriptor, `${line}\n`);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw writeFailure(file, thrown);
  }
}

const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

function open(file: string): number {
  try {
    return openSync(file, APPEND, 0o600);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT")) throw thrown;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return openSync(file, APPEND, 0o600);
  }
}
