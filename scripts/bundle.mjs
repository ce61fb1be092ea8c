import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root } from "./run-program.mjs";

const NODE_MODULES = /^node:/;
const BREAKING = new Set(["UNRESOLVED_IMPORT", "MISSING_EXPORT", "IMPORT_IS_UNDEFINED", "CIRCULAR_DEPENDENCY"]);

/**
 * The program: CommonJS (it starts 3 ms sooner than ESM on Node 20). Opening a file costs half a millisecond and compiling one 30 µs a KB, so:
 * `core` is what every start needs, `status` what the most frequent command needs besides, `rooms` what several others need, and one chunk
 * for what a command alone needs.
 */
export async function bundleProgram(dir) {
  const start = join(root, "src/cli/start.ts");
  const status = ["src/broker.ts", "src/cli/commands/models/status.ts"].map((file) => join(root, file));
  const [core, hot] = [new Set(), new Set()];
  const closures = {
    name: "closures",
    buildEnd() {
      addClosure(this, [start], core);
      addClosure(this, status, hot);
    },
  };
  await write({
    input: { start },
    plugins: [closures, await providersAsJson()],
    output: {
      dir,
      format: "cjs",
      exports: "named",
      dynamicImportInCjs: false,
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
      codeSplitting: {
        groups: [
          { name: "core", test: (id) => core.has(id), priority: 3 },
          { name: "status", test: (id) => hot.has(id), priority: 2 },
          { name: "rooms", minShareCount: 2, priority: 1 },
        ],
      },
    },
  });
}

/** Fills `found` with modules and all that they import before they run; what is imported later, when needed, is not among them. */
function addClosure(graph, ids, found) {
  for (const id of ids) {
    if (found.has(id) || NODE_MODULES.test(id)) continue;
    found.add(id);
    addClosure(graph, graph.getModuleInfo(id)?.importedIds ?? [], found);
  }
}

/** The vendors are data, and V8 reads JSON text several times faster than the same data as code. */
async function providersAsJson() {
  const index = join(root, "src/providers/index.ts");
  const { builtinProviders } = await importSources(`export { builtinProviders } from ${JSON.stringify(index)};`);
  const text = JSON.stringify(builtinProviders).replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return { name: "providers-as-json", load: (id) => (id === index ? `export const builtinProviders = JSON.parse('${text}');` : null) };
}

/** The library: ESM. All files are in one folder, one level below `dist/`, as those of the program are. */
export async function bundleLibrary(dir) {
  await write({
    input: { index: join(root, "src/index.ts"), provider: join(root, "src/provider/provider.ts"), cli: join(root, "src/cli/start.ts") },
    transform: { define: { __dirname: "import.meta.dirname" } },
    output: { dir, format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
  });
}

/**
 * Loads TypeScript sources in this process: Node 20 cannot strip types. The bundle is gone from the disk when the process ends.
 * @param {string} source an entry module as text; it imports by absolute path
 */
export async function importSources(source) {
  const dir = mkdtempSync(join(root, "node_modules/.signalbox-import-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  const entry = "\0entry.ts";
  await write({
    input: { entry },
    external: (id) => NODE_MODULES.test(id) || (!id.startsWith("\0") && !id.startsWith(".") && !id.startsWith("/")),
    plugins: [{ name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) }],
    output: { dir, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs", minify: false },
  });
  return import(pathToFileURL(join(dir, "entry.mjs")).href);
}

async function write({ output, ...input }) {
  const bundle = await rolldown({ platform: "node", external: NODE_MODULES, onLog: tell, ...input });
  try {
    return await bundle.write({ minify: true, comments: { legal: false, annotation: false }, ...output });
  } finally {
    await bundle.close();
  }
}

/** What the bundler warns of is seen by whoever builds; only what would break at run time stops the build. */
function tell(level, log) {
  if (level !== "warn") return;
  if (BREAKING.has(log.code)) throw new Error(log.message);
  console.error(log.message);
}
