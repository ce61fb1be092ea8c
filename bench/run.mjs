import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { makeCodeCache } from "../scripts/code-cache.mjs";
import { nodeBinary } from "../scripts/node-binaries.mjs";
import { setup } from "../scripts/setup.mjs";
import { configOf, makeHome } from "./home.mjs";
import { installTarball } from "./tarball.mjs";

/**
 * `npm run bench`: what a start costs, as ratios against `node -e 0` in the same run, and what an installation weighs. Exits 1 over budget.
 * `--node 24` or `--node <path>` (may repeat) adds another Node, with a code cache of its own as a release has it; `--runs <n>`
 * changes 20. Raising a number in budgets.json is a reviewed line.
 */
const { values } = parseArgs({ options: { node: { type: "string", multiple: true, default: [] }, runs: { type: "string", default: "20" } } });
const runs = Number(values.runs);
const budgets = JSON.parse(readFileSync(join(import.meta.dirname, "budgets.json"), "utf8"));
const rows = [];

await setup();
const home = makeHome();
const prefix = mkdtempSync(join(tmpdir(), "signalbox-prefix-"));
try {
  const others = values.node.map((asked) => (/^\d+$/.test(asked) ? nodeBinary(asked) : asked));
  for (const node of others) makeCodeCache(node);
  const installed = installTarball(prefix);
  const uncached = join(prefix, "uncached");
  cpSync(installed.package, uncached, { recursive: true });
  rmSync(join(uncached, "dist/cli/cache"), { recursive: true });
  const nodes = [process.execPath, ...others];
  for (const node of nodes) measure(node, join(installed.package, "bin/neuroion.cjs"), join(uncached, "bin/neuroion.cjs"));
  rows.push(row("tarball", "packages", String(installed.packages), installed.packages, budgets.tarball.packages));
  rows.push(row("tarball", "size installed", `${installed.megabytes.toFixed(1)} MB`, installed.megabytes, budgets.tarball.megabytes));
  rows.push(row("tarball", "install scripts", String(installed.installScripts), installed.installScripts, budgets.tarball.installScripts));
} finally {
  for (const folder of [home, prefix]) rmSync(folder, { recursive: true, force: true });
}
print();

function measure(node, bin, uncachedBin) {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const env = { HOME: home, PATH: `${dirname(node)}:/usr/bin:/bin`, LANG: "C.UTF-8" };
  const timed = ([words, goal]) => ({ words, goal, args: [bin, ...words.split(" ")], ms: [] });
  const written = Object.entries(budgets.write).map((entry) => ({ ...timed(entry), writes: configOf(home) }));
  const time = [...Object.entries(budgets.time).map(timed), ...written];
  const bare = { args: ["-e", "0"], ms: [] };
  const uncached = { args: [uncachedBin, "models", "status", "--json"], ms: [] };
  for (let run = -2; run < runs; run++) {
    for (const entry of [bare, ...time, uncached]) {
      const ms = entry.writes === undefined ? once(node, entry.args, env) : onceWriting(entry.writes, () => once(node, entry.args, env));
      if (run >= 0) entry.ms.push(ms);
    }
  }
  for (const { words, goal, ms } of time) {
    const ratio = median(ms) / median(bare.ms);
    rows.push(row(version, words, `${median(ms).toFixed(1)} ms, ${ratio.toFixed(2)}×`, ratio, goal));
  }
  const slower = `${median(uncached.ms).toFixed(1)} ms, ${(median(uncached.ms) / median(bare.ms)).toFixed(2)}×`;
  rows.push({ ...row(version, "models status --json, no code cache", slower, 0, 0), goal: "" });
  rows.push({ ...row(version, "node -e 0", `${median(bare.ms).toFixed(1)} ms`, 0, 0), goal: "" });
  for (const [words, goal] of Object.entries(budgets.memory)) {
    const [ours, theirs] = [
      [bin, ...words.split(" ")],
      ["-e", "0"],
    ].map((args) => peakMegabytes(node, args, env));
    rows.push(row(version, `peak memory of ${words}`, `${ours.toFixed(0)} MiB, ${(ours / theirs).toFixed(2)}×`, ours / theirs, goal));
  }
}

/** Wall time of one run, its output read to the end. Exit 1 and 2 are findings. */
function once(node, args, env) {
  const started = performance.now();
  const { status, stderr } = spawnSync(node, args, { env, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 64 << 20, cwd: env.HOME });
  const ms = performance.now() - started;
  if (status === null || status > 2) throw new Error(`${args.join(" ")} ended with ${status}\n${stderr}`);
  return ms;
}

/** Each run finds the config as it was before the first, and must change it. */
function onceWriting(config, run) {
  const text = readFileSync(config, "utf8");
  const ms = run();
  if (readFileSync(config, "utf8") === text) throw new Error(`${config} was to be changed, and was not`);
  writeFileSync(config, text);
  rmSync(`${config}.bak`, { force: true });
  return ms;
}

function peakMegabytes(node, args, env) {
  const file = join(prefix, "rss");
  const samples = Array.from({ length: 5 }, () => {
    once(node, ["-r", join(import.meta.dirname, "rss.cjs"), ...args], { ...env, BENCH_RSS: file });
    return Number(readFileSync(file, "utf8")) / 1024;
  });
  return median(samples);
}

function row(where, what, measured, value, goal) {
  return { where, what, measured, goal: `≤ ${goal}`, isOver: value > goal };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print() {
  console.log(`medians of ${runs} interleaved runs, NODE_EXTRA_CA_CERTS unset, against node -e 0 of the same run\n`);
  const cells = [
    ["Node", "What", "Measured", "Goal", ""],
    ...rows.map(({ where, what, measured, goal, isOver }) => [where, what, measured, goal, goal === "" ? "" : isOver ? "OVER" : "ok"]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  const over = rows.filter(({ isOver }) => isOver).length;
  console.log(over === 0 ? "\nevery budget is kept" : `\n${over} over budget`);
  if (over > 0) process.exitCode = 1;
}
