import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Calls that touch a file system. `writev` is how workers speak. */
const CALLS = new Set(
  [
    "open openat creat read pread64 write pwrite64 close stat fstat lstat statx newfstatat readlink readlinkat link linkat unlink unlinkat rename renameat renameat2",
    "fsync fdatasync fchmod chmod fchmodat fchown chown fchownat mkdir mkdirat rmdir getdents64 ftruncate truncate",
  ].flatMap((names) => names.split(" ")),
);

/** The event loop wakes itself through a file that is in no file system. */
const WAKING = '"\\1\\0\\0\\0\\0\\0\\0\\0"';

/** Why nothing can be watched here; undefined when it can. */
export function straceLacks() {
  const { error, status, stderr } = spawnSync("strace", ["-o", "/dev/null", "-e", "trace=openat", "-e", "inject=openat:error=EIO:when=9999", "true"], {
    encoding: "utf8",
  });
  if (error !== undefined) return "strace is not installed";
  return status === 0 ? undefined : `strace may not watch programs here: ${stderr.trim().split("\n")[0]}`;
}

/**
 * Every file system call that a worker makes between its START and its END, by name, with its number among all calls of that name.
 * @returns {Promise<{ name: string, at: number }[]>}
 */
export async function callsOf(command, log) {
  await traced(["-o", log, "-e", `trace=writev,${[...CALLS].map((name) => `?${name}`).join(",")}`, ...command]);
  const made = new Map();
  const points = [];
  let state = "before";
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const name = /^([a-z0-9_]+)\(/.exec(line)?.[1];
    if (name === "writev" && line.includes('"START')) state = "during";
    else if (name === "writev" && line.includes('"END')) state = "after";
    if (name === undefined || !CALLS.has(name)) continue;
    made.set(name, (made.get(name) ?? 0) + 1);
    if (state === "during" && !line.includes(WAKING)) points.push({ name, at: made.get(name) });
  }
  return points;
}

/**
 * Runs a worker and lets the call fail, or kills it there. Only the main thread is watched, where all of the protocol happens; strace counts the
 * calls of each name, and each thread's, for itself. `hitNode`: a call failed by which Node's event loop wakes itself; then it ends the process
 * without a word. `late`: the worker had said what became of its first update; how often Node wakes itself before differs from run to run.
 * @param {readonly string[]} command
 * @param {{ name: string, at: number }} point
 * @param {string} fault `signal=KILL` or `error=EIO`
 * @param {"once" | "from there on"} how
 * @param {string} log
 */
export async function withFault(command, { name, at }, fault, how, log) {
  const when = how === "once" ? at : `${at}+`;
  const { lines, signal, said } = await traced(["-qq", "-o", log, "-e", `trace=${name},writev`, "-e", `inject=${name}:${fault}:when=${when}`, ...command]);
  const made = readFileSync(log, "utf8").split("\n");
  const injected = made.filter((line) => line.includes("(INJECTED)"));
  const before = made.slice(0, Math.max(0, made.indexOf(injected[0])));
  return {
    lines,
    fired: signal === "SIGKILL" || injected.some((line) => !line.includes(WAKING)),
    hitNode: injected.some((line) => line.includes(WAKING)) || (signal === "SIGABRT" && !said.includes("Assertion")),
    late: before.filter((line) => line.startsWith("writev(")).length > 1,
  };
}

/** As many at a time as there are processors. */
export async function inParallel(jobs, run) {
  const waiting = [...jobs.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, work));
}

async function traced(args) {
  const child = spawn("strace", args, {
    env: { ...process.env, UV_THREADPOOL_SIZE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  const [out, err] = [[], []];
  child.stdout.on("data", (piece) => out.push(piece));
  child.stderr.on("data", (piece) => err.push(piece));
  const [, signal] = await once(child, "close");
  if (child.killed) throw new Error(`this hung: strace ${args.join(" ")}`);
  const text = (pieces) => Buffer.concat(pieces).toString("utf8");
  return { lines: text(out).split("\n").filter(Boolean), signal, said: text(err) };
}
