import type { ProcessResult } from "../kernel/host.ts";
import { errnoOf } from "./errno.ts";

/** Runs a program without a shell and waits. At the deadline it is killed. */
export function runProgram(command: string, args: readonly string[], limits: { timeoutMs: number; maxBytes: number }): ProcessResult {
  const result = process.getBuiltinModule("node:child_process").spawnSync(command, [...args], {
    encoding: "utf8",
    killSignal: "SIGKILL",
    maxBuffer: limits.maxBytes,
    shell: false,
    stdio: ["ignore", "pipe", "ignore"],
    timeout: limits.timeoutMs,
    windowsHide: true,
  });
  const stdout = typeof result.stdout === "string" ? result.stdout : "";
  if (result.error !== undefined) return { exitCode: undefined, stdout, failure: errnoOf(result.error) ?? "failed" };
  if (result.status === null) return { exitCode: undefined, stdout, failure: `ended by ${result.signal ?? "a signal"}` };
  return { exitCode: result.status, stdout };
}
