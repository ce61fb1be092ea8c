import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, runQuietly, tool } from "./run-program.mjs";

/**
 * `npm run check`: everything that a machine can say about the code without running it. One line a step; what failed is printed in full.
 * `node scripts/check.mjs lint types` runs only these. `--report <file>` writes the counts for `npm test`.
 */
const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
const node =
  (path, ...args) =>
  () =>
    runQuietly(process.execPath, [path, ...args], { env });
const STEPS = {
  types: node(tool("typescript-native/bin/tsc"), "--noEmit", "-p", "."),
  lint: node(tool("oxlint/bin/oxlint"), "--deny-warnings", "--format=unix"),
  format: node(tool("@biomejs/biome/bin/biome"), "format", "--max-diagnostics=none", "--reporter=concise", "."),
  architecture: node(join(root, "scripts/cruise.mjs")),
  "dead code": node(tool("knip/bin/knip.js"), "--no-progress"),
  "house rules": node(tool("vitest/vitest.mjs"), "run", "--project", "unit", "--reporter=dot", "test/house-rules.test.ts"),
  words: node(join(root, "scripts/words.mjs")),
  lockfile: node(join(root, "scripts/lockfile.mjs"), "--check"),
  package: node(tool("publint/src/cli.js"), "run", "--strict"),
  docs: node(join(root, "scripts/docs.mjs"), "--check"),
};
const AT_ONCE = 2;

const { values, positionals } = parseArgs({ options: { report: { type: "string" } }, allowPositionals: true });
const unknown = positionals.filter((name) => STEPS[name] === undefined);
if (unknown.length > 0) {
  console.error(`there is no step ${unknown.join(", ")}; the steps are ${Object.keys(STEPS).join(", ")}`);
  process.exit(64);
}
const names = positionals.length > 0 ? positionals : Object.keys(STEPS);
const waiting = [...names];
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (failed.length > 0) process.exitCode = 1;
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed: names.length - failed.length, failed: failed.length }));

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { code, output, ms } = await STEPS[name]();
    const took = `${(ms / 1000).toFixed(1)} s`;
    if (code === 0) console.log(`ok      ${name.padEnd(14)} ${took}`);
    else {
      failed.push(name);
      console.log(`FAILED  ${name.padEnd(14)} ${took}\n${output.replaceAll(/^/gm, "        ")}`);
    }
  }
}
