import { parseArgs } from "node:util";
import { finish } from "./result.mjs";
import { numbersIn, strays } from "./scenes.mjs";
import { inParallel } from "./strace.mjs";
import { openSweep, scenesOf } from "./sweep.mjs";

/**
 * Every file system call of an update fails, once and from there on, with each code: the files hold the old content or the new, the error is one of
 * ours, one line with the file and the code; the same process does its next update when the fault is over, and so does another; nothing is left.
 * `--mix` gives each call, each time, one of the codes in turn instead of all. `--scenes "store;config"`, `--codes EIO,ENOSPC`, `--every 1` (of the calls),
 * `--node <path>`, `--json`.
 */
const { values } = parseArgs({
  options: {
    scenes: { type: "string" },
    codes: { type: "string" },
    mix: { type: "boolean" },
    every: { type: "string", default: "1" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean" },
  },
});
const CODES = ["ENOSPC", "EDQUOT", "EIO", "EACCES", "EPERM", "EROFS", "EMFILE", "EINTR"];
/** Asking again is the right answer to it, and never ends when it comes for ever. */
const ONCE = "EINTR";
const MAX_TOLD = 20;
let told = 0;
const EXITS = { FILE_WRITE_FAILED: 74, FILE_UNREADABLE: 74, FILE_READ_ONLY: 77, FILE_CHANGED: 75, LOCK_HELD: 75 };
/** Told as what it looks like, when the lock itself cannot be read any more, or not removed. */
const WITHOUT_CODE = new Set(["FILE_CHANGED", "LOCK_HELD"]);

const sweep = await openSweep("every call fails", values);
const { protocol } = sweep;
const updates = (times) => (scene) => ({ does: "update", times, files: scene.files, keeping: { ...scene.keeping, lockTimeoutMs: 300 } });

for await (const { name, calls, points, hit } of scenesOf(sweep, values, updates(1))) {
  const faults = faultsAt(points);
  const result = { planned: faults.length, fired: 0, damaged: 0, untrue: 0, unnamed: 0, stuck: 0, left: 0, junk: 0, answers: {} };
  await inParallel(faults, async (fault, at) => {
    const counts = ({ fired, hitNode, late }) => fired && !((hitNode || late) && fault.how === "once");
    // A single fault is over for the second update, which then has to succeed.
    const ran = await hit(fault, at, { fault: `error=${fault.code}`, how: fault.how, job: updates(2), counts });
    if (ran === undefined) return;
    result.fired += 1;
    await examine(ran.scene, { ...fault, hitNode: ran.hitNode }, ran.lines, result);
  });
  finish(`every call fails, ${name}`, result, {
    ...values,
    isGood: calls.length > 20 && result.fired === result.planned && ["damaged", "untrue", "unnamed", "stuck", "left", "junk"].every((key) => result[key] === 0),
  });
}

function faultsAt(points) {
  const codes = values.codes?.split(",") ?? CODES;
  return ["once", "from there on"].flatMap((how) => {
    const possible = codes.filter((code) => code !== ONCE || how === "once");
    const codesAt = (index) => (values.mix ? [possible[index % possible.length]] : possible);
    return points.flatMap((point, index) => codesAt(index).map((code) => ({ ...point, code, how })));
  });
}

async function examine(scene, fault, lines, result) {
  const answers = lines.filter((line) => line !== "START" && line !== "END");
  const tell = (what) => {
    result[what] += 1;
    if (!values.json && (told += 1) <= MAX_TOLD)
      console.error(`${what}: ${fault.code} at ${fault.name} ${fault.at} ${fault.how}: ${numbersIn(scene)} after ${answers.join(" | ")}`);
  };
  for (const answer of answers) result.answers[answer.split(" ")[1] ?? answer] = (result.answers[answer.split(" ")[1] ?? answer] ?? 0) + 1;
  if (fault.hitNode && answers.length < 2) result.answers["Node gave up"] = (result.answers["Node gave up"] ?? 0) + 1;
  else if (answers.length !== 2 || answers.some((answer) => !isNamed(answer, fault, scene))) tell("unnamed");
  if (fault.how === "once" && answers[1] !== "ACK") tell("stuck");

  // What could not be removed is for the next sweep; everything else that was begun is taken away.
  if (fault.how === "once" && fault.name !== "unlink" && strays(scene).length > 0) tell("left");

  const numbers = numbersIn(scene);
  const acknowledged = answers.filter((answer) => answer === "ACK").length;
  const perhaps = answers.filter((answer) => /may not survive|could not be taken back/.test(answer)).length;
  if (numbers.some(Number.isNaN)) tell("damaged");
  else if (numbers.some((number) => number < acknowledged || number > acknowledged + perhaps)) tell("untrue");
  try {
    await protocol.changeFiles(scene.files, scene.keeping, () => new Map(scene.files.map((file) => [file, '{"n":100}'])));
  } catch {
    tell("stuck");
  }
  for (const file of scene.real) protocol.sweep(file);
  if (strays(scene).length > 0) tell("junk");
}

/** Done, or an error of ours: one line that names the file and what the system said, with its exit code. */
function isNamed(answer, { code: reason }, { files }) {
  if (answer === "ACK") return true;
  const [kind, code, exit, ...message] = answer.split(" ");
  if (kind !== "FAIL" || EXITS[code] !== Number(exit)) return false;
  const text = JSON.parse(message.join(" "));
  return files.some((file) => text.includes(file)) && !text.includes("\n") && (text.includes(reason) || WITHOUT_CODE.has(code));
}
