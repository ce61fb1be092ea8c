// Runs the program in dist/cli. Compiling it takes longer than running it, so the build leaves V8's code cache beside it, for the versions of
// Node that it was built with (scripts/code-cache.mjs). V8 itself refuses a cache of another version; without one, the code is compiled.
// The bins run it by node:vm: `require` looks at every folder on the way to a second file, which costs half a millisecond.
// oxlint-disable-next-line no-unused-expressions -- the value of this file is this function
(exports, require, __dirname) => {
  "use strict";
  const { closeSync, openSync, readFileSync, readSync } = require("node:fs");
  const { dirname } = require("node:path");
  const { Script } = require("node:vm");

  const dir = `${dirname(__dirname)}/dist/cli`;
  const cacheDir = `${dir}/cache/${process.versions.v8}-${process.platform}-${process.arch}`;
  const modules = new Map();
  const scripts = new Map();

  /** In bytes. */
  const KEPT_IN_PLACE = 131_072;
  const WORTH_PADDING = 20_000;
  let room;

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
    const script = new Script(textOf(filename), { filename, cachedData: cacheOf(name) });
    scripts.set(name, script);
    return script.runInThisContext();
  }

  /**
   * V8 copies texts of up to 128 KB at each collection of young objects, of which a start needs fewer when there is less to copy: one that is
   * padded to more is kept where it is. The length still depends on the text: V8 knows a stale cache by nothing else. The bundle is ASCII.
   */
  function textOf(filename) {
    const bytes = read(filename);
    const { length } = bytes;
    if (length < WORTH_PADDING || length > KEPT_IN_PLACE) return bytes.latin1Slice();
    const padded = KEPT_IN_PLACE + (length % 4096);
    return room.fill(" ", length, padded).latin1Slice(0, padded);
  }

  /** Files are read into one room if they fit, which is valid until the next one: memory that is fresh costs a microsecond a KB. */
  function read(filename) {
    room ??= Buffer.allocUnsafeSlow(2 * KEPT_IN_PLACE);
    const descriptor = openSync(filename, "r");
    try {
      let length = 0;
      for (let got = 1; got > 0; length += got) got = readSync(descriptor, room, length, room.length - length, null);
      return length === room.length ? readFileSync(filename) : room.subarray(0, length);
    } finally {
      closeSync(descriptor);
    }
  }

  function requireFrom(id) {
    return id.startsWith("./") ? load(id.slice(2)) : require(id);
  }

  function cacheOf(name) {
    try {
      return read(`${cacheDir}/${name}.bin`);
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
