import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./run-program.mjs";

/**
 * `npm run lockfile`: adds to package-lock.json the builds of our tools for other systems, where the registry that wrote it did not have them.
 * Without an entry for each, `npm ci` refuses the lockfile everywhere. An entry of another system needs no more than version and system: it is
 * never fetched here, and npm elsewhere fetches it by version. `--check` writes nothing and fails where an entry is missing.
 */
const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64", "wasm32"];
const LIBRARIES = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

const { values } = parseArgs({ options: { check: { type: "boolean" } } });
const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const { packages } = lock;
const count = lacking().length;
if (count === 0) console.log("every optional build has its entry");
else if (values.check) {
  console.log(`${count} optional builds have no entry, so \`npm ci\` refuses the lockfile: run \`npm run lockfile\``);
  process.exitCode = 1;
} else complete();

function complete() {
  for (let missing = lacking(); missing.length > 0; missing = lacking()) {
    const { owner, name, wanted } = missing[0];
    const place = `${siblings(owner)}${name}`;
    if (packages[place] !== undefined) moveAside(place, name);
    packages[place] = entry(name, wanted);
  }
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${count} optional builds`);
}

function wishes() {
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).map(([name, wanted]) => ({ owner, name, wanted })),
  );
}

/** Builds that a package wants by their exact version, and that the lockfile has not, or of another version. */
function lacking() {
  return wishes().filter(({ owner, name, wanted }) => EXACT.test(wanted) && packages[nearest(owner, name)]?.version !== wanted);
}

/** The entry that a package named by `owner` gets: the nearest one on the way up. */
function nearest(owner, name) {
  for (let at = owner; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const place = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === "") return undefined;
  }
}

/** An entry that stands where another version belongs goes to the package that wants it, with all that is below it. */
function moveAside(place, name) {
  const user = wishes().find((wish) => wish.name === name && wish.wanted === packages[place].version && nearest(wish.owner, name) === place);
  for (const old of Object.keys(packages).filter((key) => key === place || key.startsWith(`${place}/`))) {
    if (user !== undefined) packages[`${siblings(user.owner)}${name}${old.slice(place.length)}`] = packages[old];
    delete packages[old];
  }
}

/** `node_modules/vite/node_modules/` for what lies there. */
function siblings(owner) {
  return owner.slice(0, owner.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** The system stands in the name: `@biomejs/cli-linux-x64-musl`, `@oxc-parser/binding-win32-arm64-msvc`. */
function entry(name, version) {
  const words = name.split("/").at(-1).split("-");
  const system = words.filter((word) => SYSTEMS.includes(word));
  const processor = words.filter((word) => PROCESSORS.includes(word));
  if (processor.length !== 1 || (system.length !== 1 && processor[0] !== "wasm32")) throw new Error(`the name of ${name} does not say for which system it is`);
  const library = words.map((word) => LIBRARIES[word]).find((word) => word !== undefined);
  return {
    version,
    cpu: processor,
    dev: true,
    ...(library !== undefined && { libc: [library] }),
    optional: true,
    ...(system.length === 1 && { os: system }),
  };
}
