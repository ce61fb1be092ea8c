// From reports of `models probe --json`: a line for each account that was asked, sorted; how long it took and what was said are left out.
const { readFileSync } = require("node:fs");
const lines = process.argv
  .slice(2)
  .flatMap((file) => JSON.parse(readFileSync(file, "utf8")).results)
  .filter(({ asked }) => asked)
  .map(
    ({ provider, status, reason, detail, httpStatus }) =>
      `${reason ?? "none"}${detail === null ? "" : `/${detail}`} ${httpStatus ?? "-"} ${status} ${provider}`,
  );
process.stdout.write(`${lines.sort().join("\n")}\n`);
