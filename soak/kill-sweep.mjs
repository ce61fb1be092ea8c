import { parseArgs } from "node:util";
import { finish } from "./result.mjs";
import { numbersIn, strays } from "./scenes.mjs";
import { inParallel } from "./strace.mjs";
import { openSweep, scenesOf } from "./sweep.mjs";

/**
 * kill -9 at every file system call of an update, in every scene: nothing is damaged, nothing that was acknowledged is lost, the next writer does
 * not wait, and a sweep leaves nothing. `--scenes "store;config"`, `--updates 3`, `--every 1` (of the calls),
 * `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    scenes: { type: "string" },
    updates: { type: "string", default: "1" },
    every: { type: "string", default: "1" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});

const sweep = await openSweep("kill -9 at every call", values);
const { protocol } = sweep;
const jobOf = ({ files, keeping }) => ({ does: "update", times: Number(values.updates), files, keeping });

for await (const { name, calls, points, hit } of scenesOf(sweep, values, jobOf)) {
  const result = { planned: points.length, fired: 0, corrupt: 0, lost: 0, stuck: 0, junk: 0, unequal: 0 };
  const waits = [];
  await inParallel(points, async (point, at) => {
    const ran = await hit(point, at, { fault: "signal=KILL", how: "once" });
    if (ran === undefined) return;
    result.fired += 1;
    await examine(ran.scene, ran.lines, result, waits);
  });
  waits.sort((a, b) => a - b);
  finish(`kill -9 at every call, ${name}`, result, {
    ...values,
    isGood: calls.length > 20 && result.fired === result.planned && ["corrupt", "lost", "stuck", "junk", "unequal"].every((key) => result[key] === 0),
    note: `next writer after ${waits.at(waits.length >> 1)?.toFixed(1)} ms, at most ${waits.at(-1)?.toFixed(1)} ms`,
  });
}

/** What the killed one left, and how the next one fares. */
async function examine(scene, lines, result, waits) {
  const acknowledged = lines.filter((line) => line === "ACK").length;
  const before = numbersIn(scene);
  const backups = numbersIn({ real: scene.real.map((file) => `${file}.bak`), isNew: true });
  if ([...before, ...backups].some(Number.isNaN)) result.corrupt += 1;
  else if (before.some((number) => number < acknowledged)) result.lost += 1;
  const started = performance.now();
  try {
    await protocol.changeFiles(
      scene.files,
      scene.keeping,
      (texts) => new Map(scene.files.map((file) => [file, JSON.stringify({ n: 100, was: texts.get(file)?.length })])),
    );
  } catch {
    result.stuck += 1;
  }
  waits.push(performance.now() - started);
  if (numbersIn(scene).some((number) => number !== 100)) result.unequal += 1;
  for (const file of scene.real) {
    const lock = await protocol.acquireLock(file, { command: "sweep", timeoutMs: 1000 });
    protocol.sweep(file);
    lock.release();
  }
  result.junk += strays(scene).length;
}
