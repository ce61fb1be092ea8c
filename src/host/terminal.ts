import { isUtf8 } from "node:buffer";
import { fstatSync, readSync } from "node:fs";
import type { Terminal } from "../kernel/terminal.ts";
import { errnoOf } from "./errno.ts";
import { waitForOtherEnd, writeWhole } from "./write-whole.ts";

/** This process's terminal. `fs.writeSync` loads less than `process.stdout`, and nothing is lost at exit. */
export function nodeTerminal(): Terminal {
  return {
    out: (text) => writeWhole(1, text, "\n"),
    err: (text) => writeWhole(2, text),
    get stdoutIsTty() {
      return isTty(1);
    },
    get stderrIsTty() {
      return isTty(2);
    },
    get stdinIsTty() {
      return isTty(0);
    },
    get columns() {
      return isTty(1) ? process.stdout.columns : undefined;
    },
    readStdin,
    prompter: async (look) => (await import("./prompts.ts")).openPrompter(look),
  };
}

/** Loads `node:tty` only for character devices. */
function isTty(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor);
  } catch {
    return false;
  }
}

/** One byte more than allowed proves that it is too long. Closed counts as empty. */
function readStdin(maxBytes: number): string | undefined {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    const got = readSome(buffer, length);
    if (got === 0) break;
    length += got ?? 0;
  }
  const bytes = buffer.subarray(0, length);
  return length > maxBytes || !isUtf8(bytes) ? undefined : bytes.toString("utf8");
}

/** undefined when nothing is there yet. */
function readSome(buffer: Buffer, offset: number): number | undefined {
  try {
    return readSync(0, buffer, offset, buffer.length - offset, null);
  } catch (thrown) {
    const reason = errnoOf(thrown);
    if (reason === "EOF" || reason === "EBADF") return 0;
    if (reason !== "EAGAIN") throw thrown;
    waitForOtherEnd();
    return undefined;
  }
}
