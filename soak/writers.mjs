import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runWorker } from "./processes.mjs";
import { bundleProtocol } from "./protocol.mjs";
import { finish } from "./result.mjs";
import { rigFolder } from "./scenes.mjs";

/**
 * Many processes write a store and a config in turns while others read them: nothing that was acknowledged is lost, nothing is ever seen half
 * written. `--processes 32 --writes 100`, `--readers 2`, `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "32" },
    writes: { type: "string", default: "100" },
    readers: { type: "string", default: "2" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const START_MS = 60;
const [processes, writes] = [Number(values.processes), Number(values.writes)];
const path = await bundleProtocol(rigFolder());
const dir = rigFolder();
const until = join(dir, "stop");
const account = { type: "oauth", provider: "openai-codex", access: "A".repeat(120), refresh: "R".repeat(120), expires: 1 };
const start = { profiles: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`openai-codex:${i}`, account])) };
const files = ["store.json", "config.json"].map((name) => join(dir, name));
for (const [index, file] of files.entries()) writeFileSync(file, JSON.stringify(start, null, 2), { mode: index === 0 ? 0o600 : 0o644 });
const keeping = { backup: "previous", maxBytes: 1_000_000, command: "soak", lockTimeoutMs: 120_000 };
const keepings = [
  { ...keeping, kept: "secrets" },
  { ...keeping, kept: "config" },
];

const atMs = Date.now() + 500 + processes * START_MS;
const readers = Array.from({ length: Number(values.readers) }, () => runWorker(values.node, path, { does: "read", files, until }));
const said = await Promise.all(
  Array.from({ length: processes }, (_, i) => runWorker(values.node, path, { does: "write", member: `w${i}`, times: writes, files, keepings, atMs })),
);
const tookS = (Date.now() - atMs) / 1000;
writeFileSync(until, "");
const seen = (await Promise.all(readers)).map(([line]) => JSON.parse(line));
const reports = said.map(([line]) => JSON.parse(line));

const kept = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
const counted = kept.flatMap((state) => Object.entries(state).filter(([key]) => /^w\d+$/.test(key))).reduce((sum, [, number]) => sum + number, 0);
const failed = reports.flatMap((report) => report.failed);
const result = {
  acknowledged: processes * writes - failed.length,
  failed: failed.length,
  lost: processes * writes - failed.length - counted,
  torn: seen.reduce((sum, { torn }) => sum + torn, 0),
  "accounts lost": kept.reduce((sum, { profiles }) => sum + 20 - Object.keys(profiles).length, 0),
  strays: readdirSync(dir).filter((name) => !/^(store|config)\.json(\.bak)?$|^stop$/.test(name)).length,
  reads: seen.reduce((sum, { reads }) => sum + reads, 0),
};
const figures = ["store", "config"].map((name, at) => `${name} ${quantiles(reports.flatMap(({ tookMs }) => tookMs[at]))}`);
for (const failure of failed.slice(0, 5)) console.error(failure);
finish(`${processes} processes, ${writes} writes each`, result, {
  ...values,
  isGood: [result.failed, result.lost, result.torn, result["accounts lost"], result.strays].every((count) => count === 0) && result.reads > 0,
  note: `${Math.round(result.acknowledged / tookS)} writes a second; ${figures.join("; ")}`,
});

function quantiles(ms) {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (part) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}
