import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { saying, startWorker } from "./processes.mjs";
import { bundleProtocol } from "./protocol.mjs";
import { finish } from "./result.mjs";
import { lockPlanter, rigFolder } from "./scenes.mjs";

/**
 * Many processes find the lock of a dead one at the same moment, in every third round with a dead breaker too: never are two inside together.
 * `--processes 16 --rounds 1000`, `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "16" },
    rounds: { type: "string", default: "1000" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const [processes, rounds] = [Number(values.processes), Number(values.rounds)];
const path = await bundleProtocol(rigFolder());
const protocol = await import(path);
const rig = lockPlanter(protocol);
const dir = rigFolder();

const workers = Array.from({ length: processes }, () => startWorker(values.node, path, { does: "race", files: [], keeping: {} }, "pipe"));
await Promise.all(workers.map((worker) => saying(worker, "READY")));
const result = { planned: rounds, fired: 0, "rounds with two inside": 0, failed: 0, strays: 0 };
for (let round = 0; round < rounds; round++) {
  const file = join(dir, `s${round}`);
  writeFileSync(file, "{}");
  rig.deadLock(file, round % 3 === 0 ? "and breaker" : undefined);
  const answers = await Promise.all(workers.map((worker) => ask(worker, { file, atMs: Date.now() + 6 })));
  result.fired += 1;
  if (answers.includes("NOT ALONE")) result["rounds with two inside"] += 1;
  result.failed += answers.filter((answer) => !answer.endsWith("ALONE")).length;
}
for (const { child } of workers) child.stdin.end();
await Promise.all(workers.map(({ ended }) => ended));
// Claims that were made in vain are swept by the next writer of the file.
for (let round = 0; round < rounds; round++) protocol.sweep(join(dir, `s${round}`));
result.strays = readdirSync(dir).filter((name) => !/^s\d+$/.test(name)).length;
finish(`${processes} processes find one dead lock`, result, {
  ...values,
  isGood: result.fired === rounds && result["rounds with two inside"] === 0 && result.failed === 0 && result.strays === 0,
});

async function ask({ child, lines }, question) {
  const before = lines.length;
  child.stdin.write(`${JSON.stringify(question)}\n`);
  while (lines.length === before) await once(child, "line");
  return lines.at(-1);
}
