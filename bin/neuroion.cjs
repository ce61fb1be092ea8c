#!/usr/bin/env node
"use strict";
const load = `${__dirname}/load.cjs`;
require("node:vm").runInThisContext(require("node:fs").readFileSync(load, "utf8"), { filename: load })(exports, require, __dirname);
exports.run("neuroion");
