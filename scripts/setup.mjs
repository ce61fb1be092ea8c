import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runAloud } from "./run-program.mjs";

/** What the program needs, checked before anything else runs. Written in syntax that old Nodes read. */
const LEAST_NODE = [20, 19];

/**
 * Makes a fresh clone ready: dependencies as the lockfile says, then the build; each only when something changed. All talk goes to stderr.
 * Ends the process when the machine cannot do it.
 */
export async function setup() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    stop(`Node ${LEAST_NODE.join(".")} or later is needed; this is ${process.versions.node}.`);
  }
  if (!isInstalled()) {
    console.error("installing dependencies as package-lock.json says …");
    if ((await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])) !== 0) stop("npm ci failed; its reason is above.");
  }
  if ((await runAloud(process.execPath, [join(root, "scripts/build.mjs")])) !== 0) process.exit(70);
}

/** True when node_modules holds every version that the lockfile names. npm writes down what it installed; packages for other machines may be absent. */
function isInstalled() {
  const written = join(root, "node_modules/.package-lock.json");
  if (!existsSync(written)) return false;
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(written);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || (installed[path]?.version ?? (optional ? version : undefined)) === version,
  );
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}

/** The npm that started us, else the one on PATH. */
function npm(args) {
  const self = process.env["npm_execpath"];
  if (self !== undefined && /npm-cli\.c?js$/.test(self)) return runAloud(process.execPath, [self, ...args]);
  return runAloud(process.platform === "win32" ? "npm.cmd" : "npm", args);
}

function stop(message) {
  console.error(message);
  process.exit(70);
}
