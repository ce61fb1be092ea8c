import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Ajv } from "ajv";
import type { runProgram } from "./program.ts";
import type { Step } from "./script.ts";
import { snapshot } from "./snapshot.ts";
import { expand, node, pathOf, root, type Stage } from "./stage.ts";
import { writingCalls } from "./system-calls.ts";
import { runInTerminal, typed } from "./terminal.ts";

type Command = (stage: Stage, step: Step, run: typeof runProgram) => void | Promise<void>;

/** Every command of the script language; e2e/README.md says what each is for. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["exec", exec],
  ["answer", (stage, step) => void stage.answers.push({ when: new RegExp(word(stage, step, 0), "m"), keys: typed(word(stage, step, 1)) })],
  ["terminal", terminal],
  ["exit", (stage, step) => hold(step, ran(stage).code === Number(word(stage, step, 0)), `the exit code is ${ran(stage).code}`)],
  ["stdout", (stage, step) => matches(stage, step, ran(stage).stdout)],
  ["stderr", (stage, step) => matches(stage, step, ran(stage).stderr)],
  ["lines", lines],
  ["json", json],
  ["schema", schema],
  ["cmp", cmp],
  ["stdin", (stage, step) => void (stage.stdin = readFileSync(file(stage, step, 0), "utf8"))],
  ["env", env],
  ["mkdir", (stage, step) => void mkdirSync(file(stage, step, 0), { recursive: true, mode: 0o700 })],
  ["chmod", (stage, step) => chmodSync(file(stage, step, 1), Number.parseInt(word(stage, step, 0), 8))],
  ["symlink", symlink],
  ["mode", mode],
  ["exists", (stage, step) => hold(step, existsSync(file(stage, step, 0)), `looked for ${file(stage, step, 0)}`)],
  ["unchanged", unchanged],
  ["writes-nothing", writesNothing],
  // Read by scripts.test.ts before the script runs.
  ["need", () => undefined],
  ["brands", () => undefined],
]);

/** Runs a program. `exec` wants exit 0, `! exec` another one. A `.cjs` file is run with the Node under test. */
async function exec(stage: Stage, step: Step, run: typeof runProgram): Promise<void> {
  const words = step.words.map((each) => expand(stage, each));
  const argv = words[0]?.endsWith(".cjs") ? [node, ...words] : words;
  stage.before ??= everything(stage);
  stage.last = await run(argv, { env: stage.env, cwd: join(stage.folder, "work"), stdin: stage.stdin });
  stage.stdin = "";
  hold(step, stage.last.code === 0, `the exit code is ${stage.last.code}`);
}

/** As `exec`, in a terminal: each `answer <regexp> <keys>` before it is typed when the screen shows that. Everything shown is `stdout`. */
async function terminal(stage: Stage, step: Step): Promise<void> {
  const words = step.words.map((each) => expand(stage, each));
  stage.before ??= everything(stage);
  stage.last = await runInTerminal([node, ...words], { env: stage.env, cwd: join(stage.folder, "work"), answers: stage.answers });
  stage.answers = [];
  hold(step, stage.last.code === 0, `the exit code is ${stage.last.code}`);
}

/** `json <path> <value>`: the value at a path such as `auth.providers.0.id` of the document on stdout. */
function json(stage: Stage, step: Step): void {
  const path = word(stage, step, 0);
  const keys = path === "." ? [] : path.split(".");
  const found = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], JSON.parse(ran(stage).stdout));
  hold(step, isDeepStrictEqual(found, JSON.parse(word(stage, step, 1))), `${path} is ${JSON.stringify(found)}`);
}

/** `schema <name>`: the document on stdout is what docs/schema/<name>.json says. */
function schema(stage: Stage, step: Step): void {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const validate = ajv.compile(JSON.parse(readFileSync(join(root, "docs/schema", `${word(stage, step, 0)}.json`), "utf8")));
  hold(step, validate(JSON.parse(ran(stage).stdout)), ajv.errorsText(validate.errors, { separator: "\n" }));
}

/** `lines <n>`, `lines stderr <n>`: how many lines were printed. */
function lines(stage: Stage, step: Step): void {
  const isStderr = word(stage, step, 0) === "stderr";
  const text = isStderr ? ran(stage).stderr : ran(stage).stdout;
  const count = text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
  hold(step, count === Number(word(stage, step, isStderr ? 1 : 0)), `${count} lines were printed`);
}

/** `cmp stdout <file>` or `cmp <file> <file>`: the same bytes. */
function cmp(stage: Stage, step: Step): void {
  const left = word(stage, step, 0) === "stdout" ? ran(stage).stdout : readFileSync(file(stage, step, 0), "utf8");
  const right = readFileSync(file(stage, step, 1), "utf8");
  hold(step, left === right, `expected\n${right}`);
}

/** `env NAME=value`, `! env NAME`: names may hold variables, as in `env ${PFX}_HOME=$OUT`. */
function env(stage: Stage, step: Step): void {
  const [name = "", ...value] = word(stage, step, 0).split("=");
  if (step.negated) stage.env.delete(name);
  else stage.env.set(name, value.join("="));
}

/** `symlink <link> -> <target>`. */
function symlink(stage: Stage, step: Step): void {
  const link = file(stage, step, 0);
  mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
  symlinkSync(word(stage, step, 2), link);
}

/** `mode 0600 <file>`. */
function mode(stage: Stage, step: Step): void {
  const found = lstatSync(file(stage, step, 1)).mode & 0o7777;
  hold(step, found === Number.parseInt(word(stage, step, 0), 8), `the mode is 0${found.toString(8)}`);
}

/** Nothing in HOME or the current folder differs from what was there before the first program ran: names, bytes, permissions, times. */
function unchanged(stage: Stage): void {
  const before = new Set(stage.before);
  const after = everything(stage);
  const gone = [...before].filter((line) => !after.includes(line));
  none([...gone.map((line) => `was    ${line}`), ...after.filter((line) => !before.has(line)).map((line) => `is now ${line}`)]);
}

/** `writes-nothing <file>`: the log of `strace -f -o <file>` shows no call that changes a disk. */
function writesNothing(stage: Stage, step: Step): void {
  const calls = writingCalls(readFileSync(file(stage, step, 0), "utf8"));
  hold(step, calls.length === 0, calls.join("\n"));
}

function everything(stage: Stage): string[] {
  return ["home", "work"].flatMap((name) => snapshot(join(stage.folder, name)));
}

function matches(stage: Stage, step: Step, text: string): void {
  const [pattern] = step.words;
  if (pattern === undefined) throw new Error("a pattern is missing");
  const literal = (value: string): string => value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  hold(step, new RegExp(expand(stage, pattern, literal), "m").test(text), "the output below does not");
}

function ran(stage: Stage): NonNullable<Stage["last"]> {
  if (stage.last === undefined) throw new Error("nothing ran yet");
  return stage.last;
}

function word(stage: Stage, step: Step, index: number): string {
  const found = step.words[index];
  if (found === undefined) throw new Error(`word ${index + 1} is missing`);
  return expand(stage, found);
}

function file(stage: Stage, step: Step, index: number): string {
  return pathOf(stage, word(stage, step, index));
}

/** The assertion, or with `!` its opposite. */
function hold(step: Step, isTrue: boolean, found: string): void {
  if (isTrue === step.negated) throw new Error(found);
}

function none(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
