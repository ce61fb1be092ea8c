import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "./run-program.mjs";
import { setup } from "./setup.mjs";

/**
 * `npm start`: makes the clone ready, then runs the command line. `npm start -- <args>` passes the words on; without any it shows `models status`.
 * `BRAND=nemo npm start` runs another of the three. stdout belongs to the command, and its exit code is ours.
 */
const BRANDS = ["neuroion", "nemo", "text2llm"];

const brand = process.env["BRAND"] ?? "neuroion";
if (!BRANDS.includes(brand)) {
  console.error(`BRAND is one of ${BRANDS.join(", ")}; "${brand}" is none of them.`);
  process.exit(64);
}
await setup();
const given = process.argv.slice(2);
const words = given.length > 0 ? given : ["models", "status"];
const child = spawn(process.execPath, [join(root, `bin/${brand}.cjs`), ...words], {
  stdio: "inherit",
  env: withoutNpm(process.env),
  cwd: process.env["INIT_CWD"] ?? process.cwd(),
});
process.on("SIGINT", () => {});
const [code, signal] = await once(child, "close");
process.exitCode = code ?? (signal === "SIGINT" ? 130 : 70);

/** What npm adds to the environment of a script is no concern of the program. */
function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("npm_") && name !== "BRAND" && name !== "INIT_CWD"));
}
