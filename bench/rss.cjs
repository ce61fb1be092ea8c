// Loaded before the program: writes the peak memory of the process, in KiB, to the file that BENCH_RSS names.
process.on("exit", () => require("node:fs").writeFileSync(process.env["BENCH_RSS"], String(process.resourceUsage().maxRSS)));
