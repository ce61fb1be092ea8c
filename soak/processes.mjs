import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const WORKER = join(import.meta.dirname, "worker.mjs");

/** Starts a worker; `lines` holds what it said so far. `node` may be several words, when another program starts it. */
export function startWorker(node, protocolPath, job, stdin = "ignore") {
  const [command, ...args] = [node].flat();
  const child = spawn(command, [...args, WORKER, protocolPath, JSON.stringify(job)], { stdio: [stdin, "pipe", 2] });
  const lines = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    const pieces = (rest + piece).split("\n");
    rest = pieces.pop() ?? "";
    lines.push(...pieces);
    if (pieces.length > 0) child.emit("line");
  });
  return { child, lines, ended: once(child, "close") };
}

/** Runs a worker to its end; what it said. */
export async function runWorker(node, protocolPath, job) {
  const { lines, ended } = startWorker(node, protocolPath, job);
  await ended;
  return lines;
}

/** Waits until it said something that begins so. */
export async function saying({ child, lines }, start) {
  while (!lines.some((line) => line.startsWith(start))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the worker ended before it said ${start}`);
    await once(child, "line");
  }
}
