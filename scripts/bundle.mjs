import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root } from "./run-program.mjs";

const NODE_MODULES = /^node:/;
/** The bundler's own few lines, which every chunk uses. */
const RUNTIME = "\0rolldown/runtime.js";
const BREAKING = new Set(["UNRESOLVED_IMPORT", "MISSING_EXPORT", "IMPORT_IS_UNDEFINED", "CIRCULAR_DEPENDENCY"]);

/**
 * The program: CommonJS (it starts 3 ms sooner than ESM on Node 20). Opening a file costs half a millisecond and compiling one 30 µs a KB, so:
 * `core` is what every start needs, `broker` what every command needs, `status` what the most frequent one needs besides, `catalog` and `edit`
 * what is loaded at the first question to the catalogue and at the first change of the config, `listing` and `tracing` what the two next most
 * frequent ones need, `rooms` what several others need, and one chunk for what a command alone needs. Each of the named ones holds all that it imports, or an earlier one does: chunks never need each other in a circle.
 */
export async function bundleProgram(dir) {
  const start = join(root, "src/cli/start.ts");
  const status = ["src/credentials/collect.ts", "src/cli/commands/models/status.ts"].map((file) => join(root, file));
  const edit = ["src/host/change-files.ts", "src/config/edit.ts", "src/cli/commands/models/aliases-edit.ts"].map((file) => join(root, file));
  const list = join(root, "src/cli/commands/models/list.ts");
  const explain = join(root, "src/cli/commands/models/explain.ts");
  const [core, broker, hot, catalog, editing, listing, tracing] = Array.from({ length: 7 }, () => new Set());
  const closures = {
    name: "closures",
    buildEnd() {
      addClosure(this, [start, join(root, "src/cli/command.ts")], core);
      addClosure(this, [join(root, "src/broker.ts"), join(root, "src/cli/table.ts")], broker);
      addClosure(this, status, hot);
      addClosure(this, [join(root, "src/catalog/open-catalog.ts")], catalog);
      addClosure(this, edit, editing);
      addClosure(this, [list], listing);
      addClosure(this, [explain], tracing);
    },
  };
  await write({
    input: { start },
    plugins: [closures, wordless, await vendorsFromFile(dir), wrapped],
    output: {
      dir,
      format: "cjs",
      exports: "named",
      dynamicImportInCjs: false,
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
      codeSplitting: {
        groups: [
          { name: "core", test: (id) => core.has(id) || id === RUNTIME, priority: 8 },
          { name: "broker", test: (id) => broker.has(id), priority: 7 },
          { name: "status", test: (id) => hot.has(id), priority: 6 },
          { name: "catalog", test: (id) => catalog.has(id), priority: 5 },
          { name: "edit", test: (id) => editing.has(id), priority: 4 },
          { name: "listing", test: (id) => listing.has(id), priority: 3 },
          { name: "tracing", test: (id) => tracing.has(id), priority: 2 },
          { name: "rooms", minShareCount: 2, priority: 1 },
        ],
      },
    },
  });
}

/** What tables say for the docs and schemas alone, which are made from the sources: a start would read it every time, for nobody. */
const wordless = {
  name: "wordless",
  transform(code, id) {
    if (!/\/src\/(kernel\/errors|config\/(?:\w+-)?schema|routing\/limits)\.ts$/.test(id)) return null;
    return { code: code.replaceAll(/\b(?:means|about):\s*(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`),?/g, ""), map: null };
  },
};

/**
 * As Node wraps CommonJS modules: bin/load.cjs compiles the chunks as they are, without a copy of each. What every start needs is one file:
 * a table of chunks by name.
 */
const wrapped = {
  name: "wrapped",
  generateBundle(_options, bundle) {
    const always = [];
    for (const [name, chunk] of Object.entries(bundle)) {
      if (chunk.type !== "chunk") continue;
      chunk.code = exportedAtOnce(name, chunk.code);
      chunk.code = `(function (exports, require, module, __filename, __dirname) {${chunk.code}\n})`;
      if (!/^(start\.cjs|core-|rolldown-runtime-)/.test(name)) continue;
      always.push(`${JSON.stringify(name)}: ${chunk.code}`);
      if (!chunk.isEntry) delete bundle[name];
    }
    for (const chunk of Object.values(bundle)) if (chunk.isEntry) chunk.code = `({${always.join(",\n")}})`;
  },
};

const GETTER = /Object\.defineProperty\(exports,"([^"]+)",\{enumerable:!0,get:function\(\)\{return ?([^{}]+)\}\}\)/;
const GETTERS = new RegExp(`(?:${GETTER.source}[,;])+\\s*$`);

/**
 * What a chunk exports, as one object of values: the bundler defines a getter for each, because what it exports could change. Nothing of ours does
 * (the linter sees to it), and a getter has to be defined at each start and called at each use.
 */
function exportedAtOnce(name, code) {
  const [getters] = GETTERS.exec(code) ?? [];
  const values = (getters ?? "").match(new RegExp(GETTER, "g"))?.map((text) => text.replace(GETTER, "$1:$2")) ?? [];
  const rest = code.slice(0, code.length - (getters?.length ?? 0));
  if (GETTER.test(rest)) throw new Error(`${name} exports where it does not end`);
  return values.length === 0 ? code : `${rest}module.exports={${values.join(",")}};`;
}

/** Fills `found` with modules and all that they import before they run; what is imported later, when needed, is not among them. */
function addClosure(graph, ids, found) {
  for (const id of ids) {
    if (found.has(id) || NODE_MODULES.test(id)) continue;
    found.add(id);
    addClosure(graph, graph.getModuleInfo(id)?.importedIds ?? [], found);
  }
}

/**
 * The vendors are data: a file beside the chunks with one line a vendor, read when the first one is asked for, and parsed one by one. What every
 * start asks of all of them is in the code.
 */
async function vendorsFromFile(dir) {
  const index = join(root, "src/providers/index.ts");
  const { builtinVendors } = await importSources(`export { builtinVendors } from ${JSON.stringify(index)};`);
  const { ids, aliases, variables } = builtinVendors;
  const lines = ids.map((id) => ascii(JSON.stringify(builtinVendors.vendor(id))));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "vendors.json"), lines.join("\n"));
  const known = JSON.stringify({ ids, aliases: [...aliases], variables: [...variables] });
  const code = `const { ids, aliases, variables } = JSON.parse(${JSON.stringify(known)});${VENDORS_FROM_FILE}`;
  return { name: "vendors-from-file", load: (id) => (id === index ? code : null) };
}

const VENDORS_FROM_FILE = `
  import { readFileSync } from "node:fs";
  let lines;
  const read = new Map();
  const parse = (at) => JSON.parse((lines ??= readFileSync(\`\${__dirname}/vendors.json\`, "latin1").split("\\n"))[at]);
  export const builtinVendors = {
    ids, aliases: new Map(aliases), variables: new Map(variables), problems: [],
    vendor: (id) => {
      const at = ids.indexOf(id);
      if (at >= 0 && !read.has(id)) read.set(id, parse(at));
      return read.get(id);
    },
  };
`;

/** The library: ESM. All files are in one folder, one level below `dist/`, as those of the program are. */
export async function bundleLibrary(dir) {
  await write({
    input: {
      index: join(root, "src/index.ts"),
      ai: join(root, "src/ai.ts"),
      provider: join(root, "src/provider/provider.ts"),
      cli: join(root, "src/cli/start.ts"),
    },
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

async function write({ output, plugins = [], ...input }) {
  const bundle = await rolldown({ platform: "node", external: NODE_MODULES, onLog: tell, plugins: [...plugins, asciiOnly], ...input });
  try {
    return await bundle.write({ minify: true, comments: { legal: false, annotation: false }, ...output });
  } finally {
    await bundle.close();
  }
}

/** One character beyond Latin-1 makes V8 hold and scan a whole chunk in two bytes a character: half again as slow to compile. */
const asciiOnly = {
  name: "ascii-only",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === "chunk") chunk.code = ascii(chunk.code);
    }
  },
};

function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What the bundler warns of is seen by whoever builds; only what would break at run time stops the build. */
function tell(level, log) {
  if (level !== "warn") return;
  if (BREAKING.has(log.code)) throw new Error(log.message);
  console.error(log.message);
}
