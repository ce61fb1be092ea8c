import type { ProcessResult, RunLimits } from "../kernel/host.ts";
import { errnoOf } from "./errno.ts";

/** Runs a program without a shell and waits. At the deadline it is killed. */
export function runProgram(command: string, args: readonly string[], limits: RunLimits): ProcessResult {
  const { timeoutMs, maxBytes, input, env, stderr: wanted = "ignore" } = limits;
  const result = process.getBuiltinModule("node:child_process").spawnSync(command, [...args], {
    encoding: "utf8",
    killSignal: "SIGKILL",
    maxBuffer: maxBytes,
    shell: false,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", STDERR[wanted]],
    timeout: timeoutMs,
    windowsHide: true,
    ...(input !== undefined && { input }),
    ...(env !== undefined && { env: { ...env } }),
  });
  const stdout = typeof result.stdout === "string" ? result.stdout : "";
  const said = { stdout, ...(wanted === "capture" && { stderr: typeof result.stderr === "string" ? result.stderr : "" }) };
  if (result.error !== undefined && !isDeafness(result.error, result.status))
    return { exitCode: undefined, ...said, failure: errnoOf(result.error) ?? "failed" };
  if (result.status === null) return { exitCode: undefined, ...said, failure: `ended by ${result.signal ?? "a signal"}` };
  return { exitCode: result.status, ...said };
}

const STDERR = { ignore: "ignore", capture: "pipe", pass: "inherit" } as const;

/** A program that ended in its own way without reading what it was given is no failure of ours. */
function isDeafness(error: Error, status: number | null): boolean {
  return errnoOf(error) === "EPIPE" && status !== null;
}
