import { join } from "node:path";
import { root, runQuietly, tool } from "./run-program.mjs";

/**
 * `node scripts/cruise.mjs [folder]`: holds the imports of `<folder>/src` to `.dependency-cruiser.cjs`. Prints one line per violation.
 * A guard that sees nothing passes too (the cruiser reports 0 modules with a TypeScript that it does not know), so few modules are a failure.
 */
const LEAST_MODULES = 50;

const folder = process.argv[2] ?? root;
const rules = join(root, ".dependency-cruiser.cjs");
const { code, output } = await runQuietly(
  process.execPath,
  [tool("dependency-cruiser/bin/dependency-cruise.mjs"), "src", "--config", rules, "--output-type", "json"],
  { cwd: folder },
);
process.exitCode = judge(output, code);

function judge(text, exit) {
  const start = text.indexOf("{");
  if (start < 0) return say(`the cruiser gave no answer (exit ${exit})\n${text}`);
  const { modules, summary } = JSON.parse(text.slice(start));
  const seen = modules.filter(({ source }) => source.startsWith("src/")).length;
  const lines = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}  (${why(summary, rule.name)})`);
  if (seen < LEAST_MODULES) lines.push(`only ${seen} modules were seen; fewer than ${LEAST_MODULES} means that the cruiser is blind`);
  if (lines.length > 0) return say([...lines, `${seen} modules seen`].join("\n"));
  console.log(`${seen} modules, ${summary.totalDependenciesCruised} imports`);
  return 0;
}

function why(summary, name) {
  return summary.ruleSetUsed?.forbidden?.find((rule) => rule.name === name)?.comment ?? "no reason is written";
}

function say(text) {
  console.log(text);
  return 1;
}
