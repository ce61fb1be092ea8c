"use strict";
// Run by scripts/code-cache.mjs with the Node that the cache is for, with HOME set to an example home: runs the commands whose start must be
// quick, so that their functions are compiled, and keeps what V8 made of them. What they print goes nowhere.
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { runInThisContext } = require("node:vm");

const bin = join(__dirname, "../bin");
const program = {};
runInThisContext(readFileSync(join(bin, "load.cjs"), "utf8"))(program, require, bin);
const { cacheDir, run, scripts } = program;

const COMMANDS = [
  "models status --json",
  "models list --all --json",
  "models aliases list",
  "models explain",
  "models aliases add quick groq/llama-3.3-70b-versatile",
  "__complete models show anthropic/cl",
  "models --help",
  "models status --help",
  "--version",
];

/** The program ends its process after each command; here the next one follows. */
let ended;
process.exit = (code) => {
  ended = code;
};

async function main() {
  const itself = process.argv.slice(0, 2);
  for (const words of COMMANDS) {
    process.argv = [...itself, ...words.split(" ")];
    await run("neuroion");
    if (ended !== 0) throw new Error(`${words} ended with ${ended}`);
  }
  const fresh = `${cacheDir}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const [name, script] of scripts) writeFileSync(`${fresh}/${name}.bin`, script.createCachedData());
  rmSync(cacheDir, { recursive: true, force: true });
  renameSync(fresh, cacheDir);
}

void main();
