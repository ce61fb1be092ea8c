import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync, unlinkSync, writevSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

/**
 * A process of its own that works on files as a rig tells it: `node worker.mjs <protocol.mjs> <job as JSON>`. It says one line a step. Lines are
 * written with writev(2), which the protocol does not use: a rig may so make every write(2) fail and still hear what happened.
 */
const say = (line) => writevSync(1, [Buffer.from(line), Buffer.from("\n")]);
const [, , protocolPath, jobText] = process.argv;
const { acquireLock, changeFiles } = await import(protocolPath);
const job = JSON.parse(jobText);
await { update, count, write, read, hold, race, threads }[job.does]();

/** Adds one to the number in each file, as often as told: `START`, then `ACK` or `FAIL <code> <exit> <message>` each time, then `END`. */
async function update() {
  say("START");
  for (let time = 0; time < job.times; time++) say(await outcomeOf(() => changeFiles(job.files, job.keeping, increment)));
  say("END");
}

/** Counts in a member of its own until it is killed, and notes what was acknowledged: `ACK <n>`. */
async function count() {
  say("START");
  for (;;) {
    let mine = 0;
    const outcome = await outcomeOf(() =>
      changeFiles(job.files, job.keeping, (texts) => {
        const [file] = job.files;
        const state = JSON.parse(texts.get(file));
        mine = state[job.member] = (state[job.member] ?? 0) + 1;
        return new Map([[file, JSON.stringify(state)]]);
      }),
    );
    say(`${outcome} ${mine}`);
  }
}

/** Adds to a member of its own, now in this file, now in that, from a moment on; says how long each time took. */
async function write() {
  await new Promise((resolve) => setTimeout(resolve, job.atMs - Date.now()));
  const tookMs = job.files.map(() => []);
  const failed = [];
  for (let time = 0; time < job.times; time++) {
    const at = time % job.files.length;
    const [file, keeping] = [job.files[at], job.keepings[at]];
    const started = performance.now();
    const outcome = await outcomeOf(() =>
      changeFiles([file], keeping, (texts) => {
        const state = JSON.parse(texts.get(file));
        return new Map([[file, JSON.stringify({ ...state, [job.member]: (state[job.member] ?? 0) + 1 }, null, 2)]]);
      }),
    );
    tookMs[at].push(performance.now() - started);
    if (outcome !== "ACK") failed.push(outcome);
  }
  say(JSON.stringify({ tookMs, failed }));
}

/** Reads the files over and over until one is there that says stop, as those do who ask for no lock. */
async function read() {
  const found = { reads: 0, torn: 0 };
  while (statSync(job.until, { throwIfNoEntry: false }) === undefined) {
    for (const file of job.files) {
      found.reads += 1;
      try {
        JSON.parse(readFileSync(file, "utf8"));
      } catch {
        found.torn += 1;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  say(JSON.stringify(found));
}

/** Takes each lock that it is told on stdin as `<file> <at ms>`, and says `ALONE` or `NOT ALONE`. */
async function race() {
  say("READY");
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, atMs } = JSON.parse(line);
    while (Date.now() < atMs);
    const lock = await acquireLock(file, { command: "race", timeoutMs: 30_000 });
    const others = place(`${file}.inside`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (others === "none") unlinkSync(`${file}.inside`);
    lock.release();
    say(others === "none" ? "ALONE" : "NOT ALONE");
  }
}

/** Several threads of this process add to one file, and this one too. Then one takes the lock and is ended with it. */
async function threads() {
  const [file] = job.files;
  const start = (does) => new Worker(new URL(import.meta.url), { argv: [protocolPath, JSON.stringify({ ...job, does })], stdout: true });
  await Promise.all([...Array.from({ length: job.threads }, () => once(start("update"), "exit")), update()]);
  const holder = start("hold");
  while (statSync(`${dirname(file)}/.${basename(file)}.lock`, { throwIfNoEntry: false }) === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  const attempt = () => outcomeOf(() => changeFiles([file], { ...job.keeping, lockTimeoutMs: 300 }, increment));
  say(`WHILE ${await attempt()}`);
  await holder.terminate();
  say(`AFTER ${await attempt()}`);
}

function place(file) {
  try {
    closeSync(openSync(file, "wx"));
    return "none";
  } catch {
    return "somebody";
  }
}

/** Holds the lock of a file: `HELD`, then until a file is there `RELEASED`, with whether it was still held. */
async function hold() {
  const [file] = job.files;
  const lock = await acquireLock(file, { command: "hold", timeoutMs: job.keeping.lockTimeoutMs });
  say("HELD");
  while (statSync(job.until, { throwIfNoEntry: false }) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  say(`RELEASED ${lock.held()}`);
  lock.release();
}

function increment(texts) {
  return new Map(
    job.files.map((file) => [file, JSON.stringify({ ...JSON.parse(texts.get(file) ?? '{"n":0}'), n: JSON.parse(texts.get(file) ?? '{"n":0}').n + 1 })]),
  );
}

async function outcomeOf(act) {
  try {
    await act();
    return "ACK";
  } catch (error) {
    return error.name === "AppError" ? `FAIL ${error.code} ${error.exit} ${JSON.stringify(error.message)}` : `BUG ${JSON.stringify(error.stack)}`;
  }
}
