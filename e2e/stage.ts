import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Brand } from "../src/brand.ts";
import type { Word } from "./script.ts";
import type { Answer } from "./terminal.ts";

/** The Node that runs the programs; `npm run test:nodes` names others. */
export const node = process.env["SIGNALBOX_NODE"] ?? process.execPath;
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What a script works on while it runs. */
export interface Stage {
  /** Holds `home/`, `work/` (the current folder) and `out/` (where scripts put what they make themselves). */
  readonly folder: string;
  readonly vars: Map<string, string>;
  readonly env: Map<string, string>;
  readonly nowMs: number;
  stdin: string;
  /** For the next program in a terminal. */
  answers: Answer[];
  last: { readonly code: number; readonly stdout: string; readonly stderr: string } | undefined;
  before: readonly string[] | undefined;
}

/** A HOME of its own, an empty current folder, a clean environment; all of it is gone afterwards. */
export async function onStage<T>(brand: Brand, act: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = openStage(brand);
  try {
    return await act(stage);
  } finally {
    rmSync(stage.folder, { recursive: true, force: true });
  }
}

function openStage(brand: Brand): Stage {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-e2e-"));
  for (const name of ["home", "work", "out"]) mkdirSync(join(folder, name), { mode: 0o700 });
  const home = join(folder, "home");
  const state = join(home, `.${brand.bin}`);
  const vars = new Map([
    ["BIN", join(root, "bin", `${brand.bin}.cjs`)],
    ["NAME", brand.bin],
    ["TITLE", brand.name],
    ["PFX", brand.envPrefix],
    ["HOME", home],
    ["STATE", state],
    ["CONFIG", join(state, `${brand.bin}.json`)],
    ["AGENT", join(state, "agents", "main", "agent")],
    ["WORK", join(folder, "work")],
    ["OUT", join(folder, "out")],
    ["NODE", node],
    ["ROOT", root],
  ]);
  const path = [dirname(node), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  const env = new Map([
    ["HOME", home],
    ["PATH", path],
    ["LANG", "C.UTF-8"],
    ["TMPDIR", join(folder, "out")],
  ]);
  return { folder, vars, env, nowMs: Date.now(), stdin: "", answers: [], last: undefined, before: undefined };
}

/**
 * `$NAME` and `${NAME}`; in quotes only the second, so that regular expressions keep their `$`, and `$${NAME}` stays what the config format makes
 * of it. An unknown name is a mistake in the script.
 */
export function expand(stage: Stage, word: Word, quoteValue: (value: string) => string = (value) => value): string {
  const pattern = word.quoted ? /(\$?)\$\{([A-Z]+)\}/g : /()\$\{?([A-Z]+)\}?/g;
  return word.text.replaceAll(pattern, (_, escape: string, name: string) => {
    if (escape !== "") return `\${${name}}`;
    const value = stage.vars.get(name);
    if (value === undefined) throw new Error(`there is no variable ${name}`);
    return quoteValue(value);
  });
}

/** A path as a script writes it: relative to the current folder of the script. */
export function pathOf(stage: Stage, name: string): string {
  return resolve(join(stage.folder, "work"), expand(stage, { text: name, quoted: false }));
}
