import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Brand } from "../../src/brand.ts";
import { runProgram } from "../program.ts";
import { node, onStage, type Stage } from "../stage.ts";
import { type Canary, Hound } from "./canary.ts";
import type { Case } from "./cases.ts";
import { type Planted, plant } from "./fixture.ts";

/** One run in a home full of secrets. Each finding says where which secret was seen: "stdout: refresh token (raw)". */
export interface AmongSecrets {
  readonly call: string;
  /** By itself and to its children. */
  readonly said: readonly string[];
  /** In files that are not for secrets. */
  readonly left: readonly string[];
  readonly crash: readonly string[];
}

export interface Call extends Omit<Case, "words"> {
  readonly brand: Brand;
  readonly path: string;
  readonly words: readonly string[];
  /** Besides those that are planted. */
  readonly given?: readonly Canary[];
}

/** In variables that no provider is known to read: a program that hands out a secret may need them, as `vault` and `aws` do. */
const FOR_PROGRAMS = new Set(["AWS variable", "password in a variable", "variable of a reference", "variable of the config"]);

/** Runs it in a home full of secrets, and looks for them in all that it said, left behind and told its children. */
export async function runAmongSecrets({ brand, path, words, stdin = "", after, given = [] }: Call): Promise<AmongSecrets> {
  return onStage(brand, async (stage) => {
    const planted = plant(stage);
    const hound = houndFor([...planted.canaries, ...given]);
    const before = filesOf(stage);
    const run = (argv: readonly string[]) => runProgram(programOf(stage, argv), { env: stage.env, cwd: workOf(stage), stdin: filled(stdin, planted, stage) });
    if (after !== undefined) await run(wordsOf(after));
    const argv = [...wordsOf(path), ...words.map((word) => filled(word, planted, stage))];
    const ran = await run(argv);
    const texts = [
      ["stdout", ran.stdout],
      ["stderr", ran.stderr],
      ["children", existsSync(planted.childLog) ? readFileSync(planted.childLog, "latin1") : ""],
    ] as const;
    const isCrash = ran.code === 70 || ran.code === -1 || /^ {4}at /m.test(ran.stderr);
    return {
      call: [after ?? [], path, ...words].flat().join(" "),
      said: texts.flatMap(([where, text]) =>
        seen(hound, text, where)
          .filter((leak) => where !== "children" || !FOR_PROGRAMS.has(leak.canary))
          .map(written),
      ),
      left: leftBehind(stage, before, hound),
      crash: isCrash ? [`crashed: ${ran.code} ${(ran.stderr || ran.stdout).slice(0, 500)}`] : [],
    };
  });
}

export function programOf({ vars }: Stage, argv: readonly string[]): string[] {
  return [node, vars.get("BIN") ?? "", ...argv];
}

export function workOf({ folder }: Stage): string {
  return join(folder, "work");
}

export function wordsOf(words: string): string[] {
  return words.split(" ").filter((word) => word !== "");
}

const hounds = new Map<string, Hound>();

/** The same canaries are planted each time, and training one takes a while. */
export function houndFor(canaries: readonly Canary[]): Hound {
  const names = canaries.map(({ name }) => name).join("\n");
  const hound = hounds.get(names) ?? new Hound(canaries);
  hounds.set(names, hound);
  return hound;
}

interface Seen {
  readonly where: string;
  readonly canary: string;
  readonly written: string;
}

function seen(hound: Hound, text: string, where: string): Seen[] {
  return hound.find(text).map((leak) => ({ where, ...leak }));
}

const written = ({ where, canary, written }: Seen): string => `${where}: ${canary} (${written})`;

/** `{apiKey}` and others are secrets that are given, `{file}` and others places of the fixture. */
function filled(text: string, { pasted }: Planted, { vars }: Stage): string {
  const value = (name: string): string => vars.get(name) ?? "";
  const places: Readonly<Record<string, string>> = {
    file: `file:${join(value("HOME"), "token-file")}`,
    exec: `exec:${JSON.stringify([join(value("OUT"), "helper.sh"), "--for", "groq"])}`,
    config: value("CONFIG"),
    state: value("STATE"),
    ...Object.fromEntries(Object.entries(pasted).map(([name, secret]) => [name, secret.value])),
  };
  return text.replaceAll(/(?<!\$)\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}

/** Files in which one of them stands, whatever they are. */
export function leftIn(folder: string, canaries: readonly Canary[]): string[] {
  const hound = houndFor(canaries);
  return [...filesBelow(folder)].flatMap(([path, text]) => seen(hound, text, path.slice(folder.length)).map(written));
}

/** Below HOME and the current folder. */
function filesOf({ folder }: Stage): Map<string, string> {
  return new Map(["home", "work"].flatMap((top) => [...filesBelow(join(folder, top))]));
}

/** Path → bytes as text. */
function filesBelow(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return new Map(paths.filter((path) => lstatSync(path).isFile()).map((path) => [path, readFileSync(path, "latin1")]));
}

/** The store is where secrets belong; any other file may hold those that it held before. A copy of a file counts as that file. */
function leftBehind(stage: Stage, before: ReadonlyMap<string, string>, hound: Hound): string[] {
  return [...filesOf(stage)].flatMap(([path, text]) => {
    const original = path.replace(/\.(bak|corrupt-\d+)$/, "");
    if (before.get(path) === text || basename(original) === "auth-profiles.json") return [];
    const had = new Set(hound.find(before.get(original) ?? "").map((leak) => leak.canary));
    return seen(hound, text, path.slice(stage.folder.length))
      .filter((leak) => !had.has(leak.canary))
      .map(written);
  });
}
