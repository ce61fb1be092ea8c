import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { startIdentityProvider } from "../test/support/identity-provider.mjs";
import { bundleRefresh, entryIn, seed, worker } from "./refresh-rig.mjs";
import { finish } from "./result.mjs";
import { rigFolder } from "./scenes.mjs";
import { callsOf, inParallel, straceLacks, withFault } from "./strace.mjs";

/**
 * kill -9 at every file system call of a renewal, and at random moments. At an issuer that forgives a repeated request for 30 s nobody is logged out; at one
 * that does not, every login that is lost is said to be an interrupted renewal, and its tokens are still there.
 * `--calls`, `--random 200`, `--every 1` (of the calls), `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    calls: { type: "boolean" },
    random: { type: "string" },
    every: { type: "string", default: "1" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
/** Which calls a run makes at its end differs from run to run. */
const ATTEMPTS = 12;
const LATENCY_MS = 4;
const dir = rigFolder();
const path = await bundleRefresh(dir);
const both = values.calls === undefined && values.random === undefined;

for (const [issuer, graceSeconds] of [
  ["forgiving", 30],
  ["strict", 0],
]) {
  if (values.calls === true || both) await atEveryCall(issuer, graceSeconds);
  if (values.random !== undefined || both) await atRandom(issuer, graceSeconds, Number(values.random ?? "200"));
}

async function atEveryCall(issuer, graceSeconds) {
  const title = `kill -9 at every call of a renewal, ${issuer} issuer`;
  const lacks = straceLacks();
  if (lacks !== undefined) finish(title, { notRun: lacks }, values);
  const idp = await startIdentityProvider({ graceSeconds, latencyMs: LATENCY_MS });
  const jobOf = (home) => [values.node, worker, path, JSON.stringify({ does: "once", home, warm: true })];
  const { home: first } = seed(join(dir, `${issuer}-calls`), idp);
  const points = (await callsOf(jobOf(first), join(dir, `${issuer}-log`))).filter((_, i) => i % Number(values.every) === 0);
  const result = newResult(points.length);
  await inParallel(points, async (point, at) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const scene = seed(join(dir, `${issuer}-${at}-${attempt}`), idp);
      const { fired } = await withFault(jobOf(scene.home), point, "signal=KILL", "once", join(dir, `${issuer}-log-${at}`));
      if (!fired) continue;
      result.fired += 1;
      await examine(scene, idp, result);
      return;
    }
  });
  await idp.close();
  report(title, result, issuer, points.length * Number(values.every) > 40);
}

async function atRandom(issuer, graceSeconds, count) {
  const idp = await startIdentityProvider({ graceSeconds, latencyMs: LATENCY_MS });
  const result = newResult(count);
  await inParallel(Array.from({ length: count }), async (_, at) => {
    const scene = seed(join(dir, `${issuer}-random-${at}`), idp);
    const child = spawn(values.node, [worker, path, JSON.stringify({ does: "once", home: scene.home, warm: true })], { stdio: ["ignore", "pipe", 2] });
    const ended = once(child, "close");
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    child.kill("SIGKILL");
    await ended;
    result.fired += 1;
    await examine(scene, idp, result);
  });
  await idp.close();
  report(`kill -9 at random moments of a renewal, ${issuer} issuer`, result, issuer, true);
}

function newResult(planned) {
  return { planned, fired: 0, damaged: 0, "older than before": 0, "logged out": 0, unexplained: 0, "tokens gone": 0, stuck: 0, junk: 0 };
}

/** What the killed one left, and what the next one makes of it. */
async function examine({ home, store, family }, idp, result) {
  const left = entryIn(store);
  if (left === undefined) return void (result.damaged += 1);
  const generation = left.signalbox.generation;
  if (generation !== 1 && (left.access !== idp.latest(family).access || left.signalbox.intent !== undefined)) result["older than before"] += 1;
  const child = spawn(values.node, [worker, path, JSON.stringify({ does: "once", home, patience: { lockMs: 2000, requestMs: 5000 } })], {
    stdio: ["ignore", "pipe", 2],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (said += piece));
  await once(child, "close");
  const [, line = ""] = said.split("\n");
  const [how, code, access] = line.split(" ");
  const after = entryIn(store);
  if (after === undefined || after.refresh === "") result["tokens gone"] += 1;
  if (code === "NEEDS_LOGIN") {
    result["logged out"] += 1;
    if (!line.includes("interrupted") || after?.signalbox.lastRefresh?.outcome !== "interrupted") result.unexplained += 1;
  } else if (how === "unusable" || how === "thrown" || access !== idp.latest(family).access) {
    console.error(line);
    result.stuck += 1;
  }
  result.junk += readdirSync(dirname(store)).filter((name) => !["auth-profiles.json", "auth-profiles.json.bak"].includes(name)).length;
}

function report(title, result, issuer, isEnough) {
  const wrong = ["damaged", "older than before", "unexplained", "tokens gone", "stuck", ...(issuer === "forgiving" ? ["logged out"] : [])];
  finish(title, result, { ...values, isGood: isEnough && result.fired === result.planned && wrong.every((key) => result[key] === 0) });
}
