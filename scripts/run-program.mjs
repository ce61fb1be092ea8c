import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/**
 * Runs a program in the repository, with what it prints collected in one text.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} options
 * @returns {Promise<{ code: number, output: string, ms: number }>} a program that could not be started, or was killed, has code 127
 */
export async function runQuietly(command, args, { env = process.env, cwd = root } = {}) {
  const started = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const pieces = [];
  child.stdout.on("data", (piece) => pieces.push(piece));
  child.stderr.on("data", (piece) => pieces.push(piece));
  const code = await exitCode(child);
  return { code, output: Buffer.concat(pieces).toString("utf8").trimEnd(), ms: performance.now() - started };
}

/**
 * Runs a program whose talk goes to stderr: stdout belongs to the command that the person asked for.
 * @returns {Promise<number>}
 */
export async function runAloud(command, args, { env = process.env, cwd = root } = {}) {
  return exitCode(spawn(command, args, { cwd, env, stdio: ["ignore", 2, 2] }));
}

/** The path of a tool that npm installed, to be run with this Node. */
export function tool(path) {
  return `${root}/node_modules/${path}`;
}

async function exitCode(child) {
  try {
    const [code] = await once(child, "close");
    return code ?? 127;
  } catch {
    return 127;
  }
}
