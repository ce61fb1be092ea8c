// Loaded before the program, with --expose-gc: at SIGUSR2 it collects garbage and writes what is left to descriptor 3, as a line of JSON.
const { writeSync } = require("node:fs");

process.on("SIGUSR2", () => {
  globalThis.gc();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  writeSync(3, `${JSON.stringify({ rss, heapUsed, external, arrayBuffers })}\n`);
});
