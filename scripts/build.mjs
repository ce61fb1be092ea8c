import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { codeCacheDir, makeCodeCache } from "./code-cache.mjs";
import { contentStamp, isStamped } from "./content-stamp.mjs";
import { root, runQuietly, tool } from "./run-program.mjs";

/**
 * Builds `dist/`: `cli/` the program, `lib/` the library, `types/`, `catalog/`, `config.schema.json`.
 * Nothing is done when the inputs are those of the last build; `--force` builds anyway. All talk goes to stderr. The code cache for this
 * version of Node is made when it is missing.
 */
const INPUTS = [
  "src",
  "docs/schema/config.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/build.mjs",
  "scripts/bundle.mjs",
  "scripts/code-cache.mjs",
  "scripts/make-code-cache.cjs",
  "bin/load.cjs",
];
/** Folders in which a build is under way: below `dist/`, so that a rename never crosses a file system. */
const BUILDING = ".building-";
const dist = join(root, "dist");
const stampFile = join(dist, ".stamp");

const { values } = parseArgs({ options: { force: { type: "boolean" } } });
const stamp = contentStamp(INPUTS);
if (values.force || !isStamped(stampFile, stamp)) await build();
if (process.exitCode === undefined && !existsSync(join(codeCacheDir, "start.cjs.bin"))) makeCodeCache();

async function build() {
  const started = performance.now();
  mkdirSync(dist, { recursive: true });
  const fresh = mkdtempSync(join(dist, BUILDING));
  try {
    for (const part of await Promise.allSettled([bundles(fresh), declarations(fresh)])) if (part.status === "rejected") throw part.reason;
    copyData(fresh);
    writeFileSync(join(fresh, ".stamp"), `${stamp}\n`);
    moveIn(fresh);
    console.error(`built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    console.error(`the build failed; dist/ is as it was\n${error.message}`);
    process.exitCode = 70;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function bundles(fresh) {
  const { bundleProgram, bundleLibrary } = await import("./bundle.mjs");
  await bundleProgram(join(fresh, "cli"));
  await bundleLibrary(join(fresh, "lib"));
}

/** Types of the library's four doors, and of what they mention. A type error is shown and does not stop the build: `npm run check` does. */
async function declarations(fresh) {
  const doors = ["src/index.ts", "src/ai.ts", "src/provider/provider.ts", "src/cli/start.ts"].map((file) => join(root, file));
  const config = join(fresh, "tsconfig.json");
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join(root, "src"), outDir: join(fresh, "types") };
  const types = { typeRoots: [join(root, "node_modules/@types")] };
  writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions: { ...compilerOptions, ...types }, include: [], files: doors }));
  const { code, output } = await runQuietly(process.execPath, [tool("typescript-native/bin/tsc"), "-p", config]);
  rmSync(config);
  if (code !== 0) console.error(output);
}

function copyData(fresh) {
  const data = join(root, "src/catalog/data");
  if (existsSync(data)) cpSync(data, join(fresh, "catalog"), { recursive: true });
  const schema = join(root, "docs/schema/config.json");
  if (existsSync(schema)) cpSync(schema, join(fresh, "config.schema.json"));
}

/**
 * Puts the fresh files in place one by one, each by a rename, the entries last: a program that starts meanwhile finds either the old
 * entry with the old chunks or the new with the new, since chunks have their hash in their name. What is no longer made goes at the end.
 */
function moveIn(fresh) {
  // V8 tells a cache from a stale one by the length of the source alone: no cache may outlive the code that it was made from.
  rmSync(join(dist, "cli/cache"), { recursive: true, force: true });
  const made = below(fresh).sort((a, b) => rank(a) - rank(b));
  for (const file of made) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    if (!sameBytes(join(fresh, file), join(dist, file))) renameSync(join(fresh, file), join(dist, file));
  }
  const wanted = new Set(made);
  for (const file of below(dist)) if (!wanted.has(file) && !file.startsWith(BUILDING)) rmSync(join(dist, file));
}

/** Chunks and data, then entries, then the stamp. */
function rank(file) {
  if (file === ".stamp") return 2;
  return /^(cli\/start\.cjs|lib\/(index|ai|provider|cli)\.js)$/.test(file) ? 1 : 0;
}

function sameBytes(a, b) {
  return existsSync(b) && statSync(a).size === statSync(b).size && readFileSync(a).equals(readFileSync(b));
}

/** Files below a folder, relative to it, with slashes. */
function below(folder, prefix = "") {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}
