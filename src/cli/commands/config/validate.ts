import type { Broker } from "../../../broker.ts";
import { type ProblemRow, problemRows } from "../../../status/problem-row.ts";
import { defineCommand } from "../../command.ts";
import { problemCounts, problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";

export interface ConfigValidateReport {
  schemaVersion: 1;
  configPath: string;
  exists: boolean;
  /** Always: an invalid config is an error with all its faults in `error.issues`. */
  valid: true;
  /** The config and what it includes. */
  files: string[];
  /** Parts that cannot be used, or not as they are meant. */
  problems: ProblemRow[];
}

/** Of the config itself, and of what it names. */
const OF_THE_CONFIG = /^(CONFIG|PROVIDER_ENTRY|ENV_FILE|SHELL_ENV|REF|MODEL|PROVIDER)_/;

export const configValidate = defineCommand({
  summary: "Check the config and name every fault with its line",
  about: "Exits with 78 when the config cannot be used. Parts that are left out, such as one broken provider, are listed and leave the exit code at 0.",
  rooms: [],
  options: {},
  examples: [
    { run: "config validate", does: "every fault with file, line and column" },
    { run: "config validate --json", does: "the same as data" },
  ],
  run: (broker: Broker): ConfigValidateReport => {
    const found = [...broker.registry().problems, ...broker.chain().problems];
    const { path, exists, files, problems } = broker.config();
    const own = [...problems, ...found].filter(({ code }) => OF_THE_CONFIG.test(code));
    return { schemaVersion: 1, configPath: path, exists, valid: true, files: [...files], problems: problemRows(own) };
  },
  human,
  plain: ({ problems }) =>
    problems.map(({ file, line, column, severity, message }) => [file ?? "-", line ?? "-", column ?? "-", severity, message].join("\t")).join("\n"),
});

function human(report: ConfigValidateReport, style: Style): string {
  const { configPath, exists, files, problems } = report;
  if (!exists && problems.length === 0) return wrap(`No config yet: everything is at its default. It would be ${style.path(configPath)}.`, style.width);
  const included = files.length > 1 ? ` and ${files.length - 1} included file${files.length === 2 ? "" : "s"}` : "";
  const found = problemCounts(problems);
  const sum = `${style.path(configPath)}${included} ${files.length > 1 ? "are" : "is"} valid`;
  if (problems.length === 0) return `${style.good("✓")} ${sum}.`;
  return [`${style.good("✓")} ${sum}${found === "" ? "." : `; ${found} in it:`}`, "", ...problemLines(problems, style)].join("\n");
}
