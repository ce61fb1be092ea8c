import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import type { PluginCall, ProgramAnswer } from "../kernel/plugin-machine.ts";
import { LONGEST_TIMER_MS } from "../kernel/stop-signal.ts";
import { errnoOf } from "./errno.ts";

const MOST_STDERR_BYTES = 4096;

/** The program gets its input and nothing of ours: no variables, no open files. In a process group of its own, so that what it starts ends with it. */
export function askProgram({ command, folder, input, timeoutMs, maxBytes }: PluginCall): Promise<ProgramAnswer> {
  const [program = "", ...args] = command;
  const { file, env } = locate(program, folder);
  const said: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  return new Promise((resolve) => {
    const child = process
      .getBuiltinModule("node:child_process")
      .spawn(file, args, { cwd: folder, env, detached: process.platform !== "win32", stdio: "pipe", windowsHide: true, shell: false });
    let isOver = false;
    const end = (exitCode: number | undefined, failure?: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(clock);
      killAll(child);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      child.unref();
      resolve({ exitCode, stdout: text(said.stdout), stderr: text(said.stderr), ...(failure !== undefined && { failure }) });
    };
    const clock = setTimeout(end, Math.min(LONGEST_TIMER_MS, timeoutMs), undefined, "deadline");
    child.on("error", (error) => end(undefined, errnoOf(error) ?? "failed"));
    // What it started and left behind would keep its output open.
    child.on("exit", () => killAll(child));
    child.on("close", (code, signal) => end(code ?? undefined, code === null ? `ended by ${signal ?? "a signal"}` : undefined));
    // One that ends in its own way without reading what it was given is no failure of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.stdout.on(
      "data",
      collect(said.stdout, maxBytes, () => end(undefined, "too_much")),
    );
    child.stderr.on(
      "data",
      collect(said.stderr, MOST_STDERR_BYTES, () => undefined),
    );
  });
}

/** Only a program that has to be looked for needs PATH. Windows starts nothing without its own folder. */
function locate(program: string, folder: string): { readonly file: string; readonly env: Record<string, string | undefined> } {
  const { SystemRoot, PATH } = process.env;
  const base = process.platform === "win32" ? { SystemRoot } : {};
  if (program === "node") return { file: process.execPath, env: base };
  if (program.startsWith("./")) return { file: path.join(folder, program), env: base };
  return { file: program, env: { ...base, PATH } };
}

function collect(into: Buffer[], maxBytes: number, full: () => void): (chunk: Buffer) => void {
  let bytes = 0;
  return (chunk) => {
    if (bytes >= maxBytes) return full();
    into.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) full();
  };
}

function killAll({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") {
      if (exitCode === null && signalCode === null) process.kill(pid, "SIGKILL");
    } else process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    if (errnoOf(thrown) === undefined) throw thrown;
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
