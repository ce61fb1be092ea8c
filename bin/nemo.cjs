#!/usr/bin/env node
// In a clone, `dist/` is there after `npm ci`; an installed package always has it.
if (require("node:fs").existsSync(`${__dirname}/../dist/cli/start.cjs`)) require("../dist/cli/start.cjs").start("nemo");
else process.exitCode = (console.error("nemo: not built yet. Run `npm ci` once in its folder."), 70);
