import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../scripts/run-program.mjs";

/**
 * `node bench/library.mjs [--entry <file>] [--runs 40]`: what a program pays for `import { openSignalbox } from "signalbox"`, in whole processes, over
 * a module that does nothing. Runs alternate, and the quickest of each counts: the others say what else the machine had to do. Exits 1 over 1.5.
 */
const GOAL = 1.5;
const { values } = parseArgs({ options: { entry: { type: "string", default: join(root, "dist/lib/index.js") }, runs: { type: "string", default: "40" } } });
if (!existsSync(values.entry)) {
  console.error("dist/ is missing: npm run build");
  process.exit(66);
}
const library = pathToFileURL(values.entry).href;
const bare = () => timed("0");
const imported = () => timed(`import(${JSON.stringify(library)})`);
const quickest = { bare: Number.POSITIVE_INFINITY, imported: Number.POSITIVE_INFINITY };
for (let run = 0; run < Number(values.runs); run++) {
  quickest.bare = Math.min(quickest.bare, bare());
  quickest.imported = Math.min(quickest.imported, imported());
}
const ratio = quickest.imported / quickest.bare;
const isMet = ratio <= GOAL;
const found = `${ratio.toFixed(2)} x (${quickest.imported.toFixed(1)} over ${quickest.bare.toFixed(1)} ms)`;
console.log(`${isMet ? "ok  " : "MISS"}  import of the library over bare node  ${found}  <= ${GOAL} x`);
process.exit(isMet ? 0 : 1);

function timed(script) {
  const began = performance.now();
  execFileSync(process.execPath, ["-e", script], { stdio: "ignore" });
  return performance.now() - began;
}
