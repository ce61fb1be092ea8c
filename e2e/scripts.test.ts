import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brands } from "../src/brand.ts";
import { runScript } from "./runner.ts";
import { parseScript, type Script } from "./script.ts";
import { hasTerminals } from "./terminal.ts";

const folder = import.meta.dirname;
const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".txt"))
  .sort()
  .map((name) => ({ name, script: parseScript(readFileSync(join(folder, name), "utf8")) }));

/** What some scripts need of the machine. `npm test` counts scripts that cannot run here as skipped. */
const AVAILABLE: Readonly<Record<string, () => boolean>> = {
  strace: () => spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0,
  "not-root": () => process.getuid?.() !== 0,
  terminal: hasTerminals,
};

const wordsOf = (script: Script, name: string): string[] =>
  script.steps.filter((step) => step.name === name).flatMap((step) => step.words.map(({ text }) => text));

/** `need strace`: asked once for all scripts. */
const available = new Map([...new Set(all.flatMap(({ script }) => wordsOf(script, "need")))].map((need) => [need, AVAILABLE[need]?.() ?? false]));

for (const [need, isThere] of available) if (!isThere) process.stderr.write(`NOT RUN: end-to-end scripts that need ${need}, which is not here\n`);

test("every script says in its first line what it shows, and what it needs is known here", () => {
  expect(all.filter(({ script }) => script.title === "").map(({ name }) => name)).toEqual([]);
  expect([...available.keys()].filter((need) => AVAILABLE[need] === undefined)).toEqual([]);
  expect(all.length).toBeGreaterThan(0);
});

/** `SIGNALBOX_PART=1/3`: every third script from the second one on, each under one name. Nodes share the scripts like that in CI. */
const [part, parts] = (process.env["SIGNALBOX_PART"] ?? "0/1").split("/").map(Number) as [number, number];

describe.concurrent.each(all.filter((_, index) => index % parts === part))("$name: $script.title", ({ script }) => {
  const only = wordsOf(script, "brands");
  const lacks = wordsOf(script, "need").filter((need) => available.get(need) !== true);
  const meant = Object.values(brands).filter(({ bin }) => only.length === 0 || only.includes(bin));
  for (const brand of meant.filter((_, index) => parts === 1 || index === part % meant.length)) {
    test.skipIf(lacks.length > 0)(brand.bin, () => runScript(script, brand));
  }
});
