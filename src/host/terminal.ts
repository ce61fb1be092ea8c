import { fstatSync, writeSync } from "node:fs";
import { AppError } from "../kernel/errors.ts";
import type { Terminal } from "../kernel/terminal.ts";
import { errnoOf } from "./errno.ts";

/** This process's terminal. `fs.writeSync` starts 2 ms sooner than `process.stdout`, and nothing is lost at exit. */
export function nodeTerminal(): Terminal {
  return {
    out: (text) => writeWhole(1, text),
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
    readStdin: () => undefined,
    prompter: async () => {
      throw new AppError("INTERNAL", "not built yet", { hint: "Wait." });
    },
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

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (thrown) {
      const reason = errnoOf(thrown);
      if (reason === "EPIPE") return;
      if (reason !== "EAGAIN") throw thrown;
      waitForReader();
    }
  }
}

/** A pipe without blocking says EAGAIN while it is full: sleep 2 ms, burn nothing. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
