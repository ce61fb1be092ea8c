import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeHome } from "../bench/home.mjs";
import { root } from "./run-program.mjs";

/** For the Node that runs this; as bin/load.cjs looks for it. */
export const codeCacheDir = join(root, `dist/cli/cache/${process.versions.v8}-${process.platform}-${process.arch}`);

/** Leaves V8's code cache for one version of Node in `dist/cli/cache`. The program runs without it, only later. */
export function makeCodeCache(node = process.execPath) {
  const home = makeHome();
  const env = { HOME: home, PATH: `${dirname(node)}:/usr/bin:/bin` };
  const { status, stderr } = spawnSync(node, [join(root, "scripts/make-code-cache.cjs")], {
    env,
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  rmSync(home, { recursive: true, force: true });
  if (status !== 0) console.error(`no code cache for ${node}: the program will start later than it could\n${stderr}`);
}
