import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/run-program.mjs";

/**
 * Packs the package and installs the tarball below a prefix, without scripts and without a network.
 * @returns {{ package: string, packages: number, megabytes: number, installScripts: number }} `package` is the installed folder
 */
export function installTarball(prefix) {
  npm("pack", "--silent", "--pack-destination", prefix);
  const tarball = readdirSync(prefix).find((name) => name.endsWith(".tgz"));
  npm("install", "--global", "--prefix", prefix, "--ignore-scripts", "--offline", "--no-audit", "--no-fund", "--loglevel=error", join(prefix, tarball));
  const modules = join(prefix, "lib/node_modules");
  const manifests = filesBelow(modules).filter((path) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path));
  const isScripted = (path) => ["preinstall", "install", "postinstall"].some((name) => JSON.parse(readFileSync(path, "utf8")).scripts?.[name] !== undefined);
  return {
    package: join(modules, "signalbox"),
    packages: manifests.length,
    megabytes: filesBelow(modules).reduce((sum, path) => sum + statSync(path).size, 0) / 1e6,
    installScripts: manifests.filter(isScripted).length,
  };
}

function npm(...args) {
  execFileSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", 2] });
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
