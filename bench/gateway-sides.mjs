import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/run-program.mjs";

/** What a client asks: six thousand characters. */
export const QUESTION = {
  messages: [
    { role: "system", content: "s".repeat(4000) },
    { role: "user", content: "u".repeat(2000) },
  ],
  temperature: 0.5,
};
export const VENDOR_KEY = "sk-bench-0123456789abcdef";

const MODEL = {
  id: "m",
  name: "m",
  contextWindow: 100_000,
  maxTokens: 1000,
  input: ["text"],
  reasoning: false,
  cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
};

export function providerAt(url) {
  return { baseUrl: `${url}/v1`, api: "openai-completions", apiKey: VENDOR_KEY, models: [MODEL] };
}

/** A Node program and the first line that it prints. It is put among `children`, to be ended with them. */
export async function startProgram(children, args, more = {}) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], ...more });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  child.stdout.resume();
  return { child, line: line.toString().split("\n")[0] };
}

/** The vendor and the bare proxy in front of it, each a process of `bench/gateway.mjs`. */
export async function startVendor(children) {
  const program = join(root, "bench/gateway.mjs");
  const vendor = (await startProgram(children, [program, "--role", "vendor"])).line;
  const proxy = await startProgram(children, [program, "--role", "proxy", "--target", vendor]);
  return { vendor, bare: { url: proxy.line, pid: proxy.child.pid } };
}

/** The real gateway with this config, in a home that is empty so far. */
export async function startGateway(children, home, config) {
  const env = { HOME: home, PATH: process.env["PATH"] };
  mkdirSync(join(home, ".nemo"), { mode: 0o700 });
  writeFileSync(join(home, ".nemo/nemo.json"), JSON.stringify(config), { mode: 0o600 });
  const bin = join(root, "bin/nemo.cjs");
  const { key } = JSON.parse(execFileSync(process.execPath, [bin, "gateway", "keys", "create", "bench", "--json"], { env, encoding: "utf8" }));
  const gateway = await startProgram(children, [bin, "gateway", "serve", "--port", "0", "--json", "--log", "none"], { env });
  return { url: JSON.parse(gateway.line).url, pid: gateway.child.pid, key };
}

/** User and system time of a process, all its threads: says more than the clock where others work on the same machine. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function memoryMb(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
}
