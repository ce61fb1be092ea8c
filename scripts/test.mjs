import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { nodeBinary, OTHER_MAJORS } from "./node-binaries.mjs";
import { runAloud, tool } from "./run-program.mjs";
import { setup } from "./setup.mjs";

/**
 * `npm test`: the checks, the unit tests, the end-to-end scripts. The last line is `N passed, N failed`, with `, N skipped` when some could not
 * run here; the numbers come from the runners' own reports, and every step of the checks counts as one test. With CI set, the other Nodes
 * share the end-to-end scripts, each under one of the three names.
 */

/** One character a test: with colour it would be thirteen. */
const PLAIN = process.stderr.isTTY ? {} : { NO_COLOR: "1", FORCE_COLOR: "0" };

/** Many of them wait for a clock of their own: one file more than there are processors. */
const AT_ONCE = [`--maxWorkers=${availableParallelism() + 1}`];

/** What a Node can change: not the proofs of faults and secrecy, which take minutes. `npm run test:nodes` runs everything on each of them. */
const ON_OTHER_NODES = ["e2e/scripts.test.ts", "e2e/package.test.ts", "e2e/reference.test.ts", "e2e/gateway/clients.test.ts"];

await setup();
const folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  await part("checks", checks);
  await part("unit tests", () => vitest("unit", process.env, ["--exclude", "test/house-rules.test.ts"]));
  await part("end-to-end scripts", () => vitest("e2e", process.env, AT_ONCE));
  if (process.env["CI"]) for (const major of OTHER_MAJORS) await part(`end-to-end scripts on Node ${major}`, () => onNode(major, OTHER_MAJORS.indexOf(major)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);

async function part(name, run) {
  const started = performance.now();
  const counts = await run();
  for (const key of Object.keys(total)) total[key] += counts[key];
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

async function checks() {
  const report = join(folder, "checks.json");
  const code = await runAloud(process.execPath, [join(import.meta.dirname, "check.mjs"), "--report", report]);
  return counted(report, code, ({ passed, failed }) => ({ passed, failed, skipped: 0 }));
}

/** A test file that failed although none of its tests did, because it could not be loaded or set up, counts as one that failed. */
async function vitest(project, env = process.env, more = []) {
  const report = join(folder, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runAloud(process.execPath, [tool("vitest/vitest.mjs"), "run", "--project", project, ...reporters, ...more], {
    env: { ...env, ...PLAIN },
  });
  return counted(report, code, (found) => {
    const broken = found.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.every((result) => result.status !== "failed"),
    ).length;
    return { passed: found.numPassedTests, failed: found.numFailedTests + broken, skipped: found.numPendingTests + found.numTodoTests };
  });
}

/** A Node that cannot be had here is one skipped test, and says so. */
async function onNode(major, index) {
  try {
    return await vitest("e2e", { ...process.env, SIGNALBOX_NODE: nodeBinary(major), SIGNALBOX_PART: `${index}/${OTHER_MAJORS.length}` }, [
      ...AT_ONCE,
      ...ON_OTHER_NODES,
    ]);
  } catch (error) {
    console.error(`NOT RUN on Node ${major}: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
}

/** A runner that failed without naming a failed test, or died before it wrote its report, counts as one failure. */
function counted(report, code, read) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = read(JSON.parse(readFileSync(report, "utf8")));
  } catch (error) {
    console.error(`no report: ${error.message}`);
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
