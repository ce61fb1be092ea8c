import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setup } from "../scripts/setup.mjs";

const bin = join(import.meta.dirname, "../bin/neuroion.cjs");
/** For `-r`: writes the most memory that a program had into the file that `BENCH_RSS` names. */
export const rss = join(import.meta.dirname, "rss.cjs");
const rows = [];
const folders = [];

/** Runs each, then prints every figure that they added with its goal, and ends the process: with 1 when one is missed. */
export async function measureAll(...measures) {
  await setup();
  try {
    for (const measure of measures) await measure();
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
  for (const { name, found, goal, isMet } of rows) console.log(`${isMet ? "ok  " : "MISS"}  ${name.padEnd(58)}  ${found.padEnd(34)}  ${goal}`);
  process.exit(rows.every(({ isMet }) => isMet) ? 0 : 1);
}

export function add(name, found, goal, isMet) {
  rows.push({ name, found, goal, isMet });
}

/** A home folder that is gone afterwards, and what a program with that home finds in its environment. */
export function freshHome() {
  const home = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  folders.push(home);
  return { HOME: home, PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, LANG: "C.UTF-8" };
}

/** One run of `models …` in the real program; the wall time is that of the process. `isRefused`: what code says that there is no report. */
export function runModels(env, words, { nodeFlags = [], isRefused }) {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, bin, "models", ...words, "--json"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => (out += piece));
  child.stderr.on("data", (piece) => (err += piece));
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      const ms = performance.now() - started;
      if (code === null || isRefused(code)) reject(new Error(`${words.join(" ")} ended with ${code}\n${out}${err}`));
      else resolve({ code, ms, report: JSON.parse(out) });
    });
  });
}
