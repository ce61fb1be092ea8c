import { spawn } from "node:child_process";
import { once } from "node:events";

const TIMEOUT_MS = 60_000;

/** Runs a program to its end. A program that was stopped at the deadline has code -1. */
export async function runProgram(
  [command = "", ...args]: readonly string[],
  { env, cwd, stdin }: { env: ReadonlyMap<string, string>; cwd: string; stdin: string },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(command, args, { cwd, env: Object.fromEntries(env), stdio: "pipe", timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => out.push(piece));
  child.stderr.on("data", (piece: Buffer) => err.push(piece));
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") };
}
