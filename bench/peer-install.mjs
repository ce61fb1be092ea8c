import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The folder of a package that npm installs below the machine's temporary folder when it is first needed: it is no dependency. Nothing of it is run while it is
 * installed. Ends the process with 69 where npm cannot. Installed beside and put in place whole, so that half of it is never taken for all.
 */
export function installedPeer({ name, version }) {
  const folder = join(tmpdir(), "signalbox-peers", `${name.replaceAll("/", "+")}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const fresh = mkdtempSync(join(folder, "../.install-"));
  try {
    process.stderr.write(`installing ${name} ${version} below ${tmpdir()} …\n`);
    writeFileSync(join(fresh, "package.json"), '{"private":true}');
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
    execFileSync("npm", ["install", ...flags, `${name}@${version}`], { cwd: fresh, stdio: ["ignore", 2, 2], timeout: 300_000 });
    renameSync(fresh, folder);
    return folder;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write(`NOT RUN: ${name} ${version} cannot be installed from npm: ${String(error.message).split("\n")[0]}\n`);
    process.exit(69);
  }
}
