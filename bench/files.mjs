import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runWorker, saying, startWorker } from "../soak/processes.mjs";
import { bundleProtocol } from "../soak/protocol.mjs";
import { rigFolder } from "../soak/scenes.mjs";

/**
 * `node bench/files.mjs`: what one change of a file costs, from taking the lock to letting it go, on the disk of the temporary folder. All of it
 * depends on how long that disk takes to flush, so nothing here has a budget. What many processes reach is `npm run soak:writers`.
 */
const WRITES = 500;
const FRESH = 20;
const dir = rigFolder();
const path = await bundleProtocol(rigFolder());
const keepingOf = (kept) => ({ kept, backup: "previous", maxBytes: 1_000_000, command: "bench", lockTimeoutMs: 10_000 });
const fileOf = (kept) => {
  const file = join(dir, `${kept}.json`);
  writeFileSync(file, JSON.stringify({ pad: "x".repeat(7000) }), { mode: kept === "secrets" ? 0o600 : 0o644 });
  return file;
};

for (const kept of ["secrets", "config"]) {
  const job = { does: "write", member: "n", files: [fileOf(kept)], keepings: [keepingOf(kept)], atMs: 0 };
  const many = await tookMs({ ...job, times: WRITES });
  const first = [];
  for (let run = 0; run < FRESH; run++) first.push(...(await tookMs({ ...job, times: 1 })));
  print(`${kept}, alone, of ${WRITES} in one process`, many);
  print(`${kept}, alone, the first of a process`, first);
}

const file = fileOf("secrets");
const { changeFiles } = await import(path);
const after = [];
for (let run = 0; run < FRESH; run++) {
  const holder = startWorker(process.execPath, path, { does: "hold", files: [file], keeping: keepingOf("secrets"), until: join(dir, "never") });
  await saying(holder, "HELD");
  holder.child.kill("SIGKILL");
  await holder.ended;
  const started = performance.now();
  await changeFiles([file], keepingOf("secrets"), () => new Map([[file, JSON.stringify({ run })]]));
  after.push(performance.now() - started);
}
print("secrets, after a holder was killed", after);

async function tookMs(job) {
  const [line] = await runWorker(process.execPath, path, job);
  return JSON.parse(line).tookMs.flat();
}

function print(what, ms) {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (part) => `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(2)} ms`;
  console.log(`${what.padEnd(48)} p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`);
}
