import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FAILURE_DETAILS, FAILURE_REASONS } from "../src/chat/failure.ts";
import { commands, defaultOf } from "../src/cli/commands/index.ts";
import { parseScript, type Script } from "./script.ts";

const folder = import.meta.dirname;
const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".txt"))
  .map((name) => ({ name, script: parseScript(readFileSync(join(folder, name), "utf8")) }));

/** Commands that no script runs to a good end, and what shows them instead. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  "models auth add": "asks, so its script needs a terminal: e2e/auth/add-in-a-terminal.txt",
};

/** Classes that no probe meets, and why. */
const NEVER_PROBED: Readonly<Record<string, string>> = {
  cancelled: "nobody leaves a probe before its end but with the whole program",
  "timeout/idle": "a probe has no clock of its own for a silence within the answer: the whole ends then",
  "format/translated": "a probe asks in the vendor's own format: e2e/gateway/translation.test.ts",
};

/** What is typed after the program: in the steps that have to end well, and in the shell scripts that they run. */
function typedIn({ steps, files }: Script): string[] {
  const ran = steps.filter(({ name, negated }) => !negated && (name === "exec" || name === "terminal"));
  const words = ran.map((step) => step.words.map(({ text }) => text).join(" "));
  const shell = [...files].filter(([name]) => name.endsWith(".sh")).flatMap(([, text]) => text.split("\n"));
  const called = [...words, ...shell].flatMap((line) => line.split(/\$\{?BIN\}?"? |"\$(?:bin|2)" /).slice(1));
  // The function of that name, which some of them make.
  return [...called, ...shell.flatMap((line) => /^(?:.* \| )?(models .*)$/.exec(line)?.[1] ?? [])];
}

/** The command of the most words that the line begins with. */
function commandOf(typed: string): string | undefined {
  const known = Object.keys(commands).filter((path) => `${typed} `.startsWith(`${path} `));
  const [group = "", next = "--"] = typed.split(" ");
  return known.toSorted((a, b) => b.length - a.length)[0] ?? (next.startsWith("--") ? defaultOf(group) : undefined);
}

/** Neither for some brands alone, nor only where a tool is that not every machine has. */
const isForAll = ({ steps }: Script): boolean => steps.every(({ name }) => name !== "brands" && name !== "need");

describe("the scripts", () => {
  test("run every command to a good end, for every brand", () => {
    const ran = new Set(all.filter(({ script }) => isForAll(script)).flatMap(({ script }) => typedIn(script).map(commandOf)));
    expect(Object.keys(commands).filter((path) => !ran.has(path))).toEqual(Object.keys(SHOWN_ELSEWHERE));
  });

  test("count where they run a command, and not where it is refused or named", () => {
    const script = parseScript(
      "# models drill\n! exec $BIN models drill\nexec $NODE $ROOT/x.mjs $BIN models refresh --json\nexec $BIN models --json\nexec sh a.sh\n-- a.sh --\nx | models probe a\n",
    );
    expect(typedIn(script).map(commandOf)).toEqual(["models refresh", "models status", "models probe"]);
  });

  test("show every class of failures that a probe can meet", () => {
    const classes = FAILURE_REASONS.flatMap((reason) => [reason, ...FAILURE_DETAILS[reason].map((detail) => `${reason}/${detail}`)]);
    const shown = new Set(probed());
    const isShown = (one: string): boolean => shown.has(one) || (!one.includes("/") && [...shown].some((each) => each.startsWith(`${one}/`)));
    expect(classes.filter((one) => !isShown(one)).toSorted()).toEqual(Object.keys(NEVER_PROBED).toSorted());
    expect([...shown].filter((one) => !classes.some((each) => each === one))).toEqual(["none"]);
  });
});

/** The first words of what e2e/probe/reasons.cjs has to print. */
function probed(): string[] {
  const files = all.filter(({ name }) => name.startsWith("probe")).flatMap(({ script }) => [...script.files]);
  return files
    .filter(([name]) => name === "$OUT/classes")
    .flatMap(([, text]) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0] ?? ""),
    );
}
