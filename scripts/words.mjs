import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir, hostname, networkInterfaces, userInfo } from "node:os";
import { join } from "node:path";
import { filesBelow } from "./content-stamp.mjs";
import { root } from "./run-program.mjs";

/**
 * What must not stand in the project: where it lies on this machine, whose machine this is, the registry that served it, and who typed it.
 * Most of it is asked of the machine, so that the list itself tells nothing.
 */
const HOME = homedir();
const NOTHING = /$^/;
const SAYS_NOTHING = new Set(["root", "node", "user", "localhost", "runner", "ubuntu", "debian"]);
const TEXT = /\.(ts|mjs|cjs|json|md|txt|yml|yaml|toml)$|(^|\/)(run|LICENSE|\.[a-z-]+)$/;

const forbidden = [
  ["the folder of this clone", exact(root)],
  ["a home folder", HOME.split(/[/\\]/).length > 2 ? exact(HOME) : NOTHING],
  ["this machine", named(hostname())],
  ["this account", named(userInfo().username)],
  ["this machine's address", anyOf(ownAddresses())],
  ["a registry that is not the public one", registry()],
  ["who typed it, instead of why", new RegExp(`\\b(?:${["co", "authored", "by"].join("-")}|generated (?:with|by) (?:an? )?(?:ai|llm)\\b|as an[ ]ai)\\b`, "i")],
];

const faults = trackedFiles().flatMap((path) => {
  const text = readFileSync(join(root, path), "utf8");
  return forbidden.filter(([, pattern]) => pattern.test(text)).map(([what, pattern]) => `${path}:${lineOf(text, pattern)} names ${what}`);
});
console.log(faults.length === 0 ? "nothing that names this machine" : faults.join("\n"));
if (faults.length > 0) process.exitCode = 1;

/** What git knows or would add; without git, every folder that is ours. */
function trackedFiles() {
  try {
    const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return listed.split("\0").filter((path) => TEXT.test(path) && filesBelow(path).length === 1);
  } catch {
    return ["src", "test", "e2e", "bench", "scripts", "docs", "bin"].flatMap(filesBelow).filter((path) => TEXT.test(path));
  }
}

function ownAddresses() {
  return Object.values(networkInterfaces())
    .flat()
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

function exact(text) {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}

function anyOf(texts) {
  return texts.length === 0 ? NOTHING : new RegExp(texts.map((text) => `\\b${exact(text).source}\\b`).join("|"));
}

function named(name) {
  return name.length < 4 || SAYS_NOTHING.has(name) ? NOTHING : anyOf([name]);
}

/** Addresses of tarballs in the lockfile say who served them. */
function registry() {
  return /"resolved": "https?:\/\/(?!registry\.npmjs\.org\/)/;
}

function lineOf(text, pattern) {
  return text.slice(0, text.search(pattern)).split("\n").length;
}
