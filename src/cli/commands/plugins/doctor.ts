import { type ProblemRow, problemRows } from "../../../status/problem-row.ts";
import { defineCommand } from "../../command.ts";
import { problemCounts, problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { pluginProblems } from "./plugin-problems.ts";

export interface PluginsDoctorReport {
  schemaVersion: 1;
  /** No errors; warnings and notes may be there. */
  ok: boolean;
  plugins: number;
  providers: number;
  /** Errors first. */
  problems: ProblemRow[];
}

export const pluginsDoctor = defineCommand({
  summary: "Name what is broken among the plugins",
  about: "Exit 0 when no error was found, 1 when one was. Warnings and notes do not count. Nothing is run and nothing is changed.",
  options: {},
  examples: [{ run: "plugins doctor", does: "every broken manifest and every name that leads nowhere" }],
  run: (broker): PluginsDoctorReport => {
    const problems = problemRows(pluginProblems(broker));
    return {
      schemaVersion: 1,
      ok: problems.every(({ severity }) => severity !== "error"),
      plugins: broker.plugins().plugins.length,
      providers: broker.registry().size,
      problems,
    };
  },
  human,
  plain: ({ problems }) => problems.map(({ severity, code, subject }) => `${severity}\t${code}\t${subject}`).join("\n"),
  exitCode: ({ ok }) => (ok ? 0 : 1),
});

function human({ ok, plugins, providers, problems }: PluginsDoctorReport, style: Style): string {
  const looked = `${plugins} ${plugins === 1 ? "plugin" : "plugins"} and ${providers} providers were looked at.`;
  const counts = problemCounts(problems);
  const verdict = ok ? `${style.good("✓")} Nothing is broken.` : `${style.bad("✗")} ${counts}.`;
  const rest = ok && counts !== "" ? ` ${counts}.` : "";
  return [`${verdict}${rest} ${looked}`, ...problemLines(problems, style)].join("\n");
}
