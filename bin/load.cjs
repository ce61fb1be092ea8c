// Runs the program in dist/cli. Compiling it takes longer than running it, so the build leaves V8's code cache beside it, for the versions of
// Node that it was built with (scripts/code-cache.mjs). V8 itself refuses a cache of another version; without one, the code is compiled.
// The bins run it by node:vm: `require` looks at every folder on the way to a second file, which costs half a millisecond.
// oxlint-disable-next-line no-unused-expressions -- the value of this file is this function
(exports, require, __dirname) => {
  "use strict";
  const { readFileSync } = require("node:fs");
  const { dirname } = require("node:path");
  const { Script } = require("node:vm");

  const dir = `${dirname(__dirname)}/dist/cli`;
  const cacheDir = `${dir}/cache/${process.versions.v8}-${process.platform}-${process.arch}`;
  const modules = new Map();
  const scripts = new Map();

  /** What every start needs: a table of chunks by name, in one file. */
  let always;

  /** A chunk of the program, by its name below dist/cli. */
  function load(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    always ??= compile("start.cjs");
    const module = { exports: {} };
    modules.set(name, module);
    const wrapper = always[name] ?? compile(name);
    wrapper(module.exports, requireFrom, module, `${dir}/${name}`, dir);
    return module.exports;
  }

  function compile(name) {
    const filename = `${dir}/${name}`;
    // The bundle is ASCII. Node 20 reads "utf8" in pieces of 8 KB.
    const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData: cacheOf(name) });
    scripts.set(name, script);
    return script.runInThisContext();
  }

  function requireFrom(id) {
    return id.startsWith("./") ? load(id.slice(2)) : require(id);
  }

  function cacheOf(name) {
    try {
      return readFileSync(`${cacheDir}/${name}.bin`);
    } catch {
      return undefined;
    }
  }

  /** Runs the brand's command line, which ends the process with its exit code. */
  exports.run = (brand) => {
    try {
      return load("start.cjs").start(brand);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      console.error(`${brand}: not built yet. Run \`npm ci\` once in its folder.`);
      process.exitCode = 70;
    }
  };
  exports.cacheDir = cacheDir;
  exports.scripts = scripts;
};
