import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { saying, startWorker } from "./processes.mjs";
import { bundleProtocol } from "./protocol.mjs";
import { finish } from "./result.mjs";
import { rigFolder } from "./scenes.mjs";

/**
 * Workers count in one store and are killed at random, each replaced at once: nothing that was acknowledged is lost, the store and its backup parse,
 * and what the killed ones left is gone when the next one has written. `--kills 500`, `--workers 4`, `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "500" },
    workers: { type: "string", default: "4" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const LONGEST_LIFE_MS = 30;
const path = await bundleProtocol(rigFolder());
const protocol = await import(path);
const dir = rigFolder();
const file = join(dir, "store.json");
writeFileSync(file, JSON.stringify({ pad: "x".repeat(7000) }), { mode: 0o600 });
const keeping = { kept: "secrets", backup: "previous", maxBytes: 1_000_000, command: "soak", lockTimeoutMs: 20_000 };

const started = performance.now();
const result = {
  planned: Number(values.kills),
  fired: 0,
  acknowledged: 0,
  lost: 0,
  "failed by themselves": 0,
  corrupt: 0,
  "left by the last ones": 0,
  strays: 0,
};
const noted = new Map();
await Promise.all(Array.from({ length: Number(values.workers) }, (_, i) => keepKilling(`w${i}`)));
await examine();
finish(`${result.planned} random kills`, result, {
  ...values,
  isGood:
    result.fired === result.planned &&
    ["lost", "failed by themselves", "corrupt", "strays"].every((key) => result[key] === 0) &&
    result.acknowledged >= result.planned / 2,
  note: `${((performance.now() - started) / 1000).toFixed(0)} s`,
});

async function keepKilling(member) {
  while (result.fired < result.planned) {
    result.fired += 1;
    const worker = startWorker(values.node, path, { does: "count", member, files: [file], keeping });
    // Every other one lives to see its first answer, however slow the machine.
    await saying(worker, result.fired % 2 === 0 ? "START" : "ACK");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
    worker.child.kill("SIGKILL");
    const [, signal] = await worker.ended;
    if (signal !== "SIGKILL") result["failed by themselves"] += 1;
    for (const line of worker.lines.filter((each) => each !== "START")) note(member, line);
  }
}

/** `ACK <n>`; each number of a worker is acknowledged at most once. */
function note(member, line) {
  const [outcome, number] = line.split(" ");
  if (outcome !== "ACK") {
    result["failed by themselves"] += 1;
    console.error(line);
    return;
  }
  const before = noted.get(member) ?? 0;
  if (Number(number) <= before) result.lost += 1;
  noted.set(member, Number(number));
  result.acknowledged += 1;
}

async function examine() {
  for (const name of [file, `${file}.bak`]) if (parsed(name) === undefined) result.corrupt += 1;
  for (const [member, number] of noted) result.lost += Math.max(0, number - (parsed(file)?.[member] ?? 0));
  result["left by the last ones"] = strays();
  await protocol.changeFiles([file], keeping, () => new Map([[file, "{}"]]));
  result.strays = strays();
}

function parsed(name) {
  try {
    return JSON.parse(readFileSync(name, "utf8"));
  } catch {
    return undefined;
  }
}

function strays() {
  return readdirSync(dir).filter((name) => name !== "store.json" && name !== "store.json.bak").length;
}
