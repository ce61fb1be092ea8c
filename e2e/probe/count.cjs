// Counts the lines that test/support/vendor-server.mjs wrote, and looks at the size of each body.
const { readFileSync } = require("node:fs");
const bodies = readFileSync(process.argv[2], "utf8")
  .trim()
  .split("\n")
  .map((line) => Number(line.split(" ")[2]));
process.stdout.write(`${bodies.length} requests, ${bodies.every((bytes) => bytes <= 600) ? "none" : "some"} over 600 bytes\n`);
