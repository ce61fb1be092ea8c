import { join } from "node:path";
import { bundleProtocol } from "./protocol.mjs";
import { finish } from "./result.mjs";
import { lockPlanter, openScene, rigFolder, SCENES } from "./scenes.mjs";
import { callsOf, straceLacks, withFault } from "./strace.mjs";

/** The calls are counted in one run and hit in another one, which may make them in another order. */
const ATTEMPTS = 5;

/** What faults at every call are tried with; ends the process where nothing can be watched. `node` runs the workers. */
export async function openSweep(title, { node, json }) {
  const lacks = straceLacks();
  if (lacks !== undefined) finish(title, { notRun: lacks }, { json });
  const path = await bundleProtocol(rigFolder());
  const protocol = await import(path);
  const worker = join(import.meta.dirname, "worker.mjs");
  return { protocol, dir: rigFolder(), rig: lockPlanter(protocol), commandOf: (job) => [node, worker, path, JSON.stringify(job)] };
}

/**
 * Every scene, or those that were named, one after the other: its `name`, the `calls` of one job, the `points` that are to be hit, and `hit`, which tries a
 * fault in fresh scenes until it fires and gives that scene and what the worker said; undefined where it never did.
 * @param sweep what `openSweep` gave
 * @param {{ scenes?: string, every: string }} values
 * @param {(scene: object) => object} jobOf what a worker is to do in a scene where it is counted
 */
export async function* scenesOf({ dir, rig, commandOf }, { scenes, every }, jobOf) {
  for (const [index, name] of (scenes?.split(";") ?? Object.keys(SCENES)).entries()) {
    const open = (folder) => openScene(join(dir, `${index}-${folder}`), name, rig);
    const calls = await callsOf(commandOf(jobOf(open("calls"))), join(dir, "calls"));
    const hit = async (point, at, { fault, how, job = jobOf, counts = (ran) => ran.fired }) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const scene = open(`${at}-${attempt}`);
        const ran = await withFault(commandOf(job(scene)), point, fault, how, join(dir, `log-${index}-${at}`));
        if (counts(ran)) return { scene, ...ran };
      }
      return undefined;
    };
    yield { name, calls, points: calls.filter((_, at) => at % Number(every) === 0), hit };
  }
}
