import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { nodeBinary, OTHER_MAJORS } from "./node-binaries.mjs";
import { runQuietly, tool } from "./run-program.mjs";
import { setup } from "./setup.mjs";

/**
 * `npm run test:nodes`: the end-to-end scripts with the binaries of the other Nodes. `npm run test:nodes -- 24` takes one of them;
 * a path takes any other. The runner itself stays on the Node that runs this.
 */
const { positionals } = parseArgs({ allowPositionals: true });
await setup();
for (const asked of positionals.length > 0 ? positionals : OTHER_MAJORS) {
  const node = /^\d+$/.test(asked) ? nodeBinary(asked) : asked;
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const env = { ...process.env, SIGNALBOX_NODE: node };
  const { code, output, ms } = await runQuietly(process.execPath, [tool("vitest/vitest.mjs"), "run", "--project", "e2e", "--reporter=dot"], { env });
  const counts = /Tests {2}(.*)/.exec(output.replaceAll(/\u001b\[[0-9;]*m/g, ""))?.[1] ?? "no tests were counted";
  console.log(`${code === 0 ? "ok    " : "FAILED"}  ${version.padEnd(12)} ${counts}, ${(ms / 1000).toFixed(0)} s`);
  if (code !== 0) {
    console.log(output);
    process.exitCode = 1;
  }
}
