import { type ProblemRow, problemRows } from "../../../status/problem-row.ts";
import { defineCommand } from "../../command.ts";
import type { Broker } from "../../../broker.ts";
import type { Problem } from "../../../kernel/problem.ts";
import type { Plugin } from "../../../plugins/plugin.ts";
import { programProblems } from "../../../plugins/describe.ts";
import { isAsInstalled } from "../../../plugins/install.ts";
import { sharedHosts } from "../../../plugins/takeovers.ts";
import { counted } from "../../counted.ts";
import { problemCounts, problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { allPlugins, pluginProblems } from "./plugin-problems.ts";

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
  about:
    "Exit 0 when no error was found, 1 when one was. Warnings and notes do not count. The programs of plugins that are on are asked who they are, and their files are compared with what was installed. Code of older agents is not run, and nothing is changed.",
  options: {},
  examples: [{ run: "plugins doctor", does: "every broken manifest and every name that leads nowhere" }],
  run: async (broker): Promise<PluginsDoctorReport> => {
    const problems = problemRows([...pluginProblems(broker), ...(await closeLook(broker))]);
    return {
      schemaVersion: 1,
      ok: problems.every(({ severity }) => severity !== "error"),
      plugins: allPlugins(broker).plugins.length,
      providers: broker.registry().size,
      problems,
    };
  },
  human,
  plain: ({ problems }) => problems.map(({ severity, code, subject }) => `${severity}\t${code}\t${subject}`).join("\n"),
  exitCode: ({ ok }) => (ok ? 0 : 1),
});

/** What costs more than reading manifests. Nothing is loaded for it where no plugin of ours is. */
async function closeLook({ host, plugins, registry }: Broker): Promise<Problem[]> {
  const own = plugins().plugins.filter(({ form }) => form !== "agent");
  if (own.length === 0) return [];
  const machine = await host.plugins();
  const drifted = own.filter((plugin) => plugin.status !== "error" && !isAsInstalled(plugin, machine));
  return [
    ...drifted.map(driftOf),
    ...sharedHosts(own, registry()),
    ...(await programProblems(
      host,
      own.filter((plugin) => !drifted.includes(plugin)),
    )),
  ];
}

function driftOf({ id, record, place }: Plugin): Problem {
  return {
    code: "PLUGIN_CHANGED",
    severity: "error",
    subject: `plugin ${id}`,
    message: `files of the plugin ${id} are not those that were agreed to on ${record?.installedAt.slice(0, 10) ?? "its installation"}; its program was not asked`,
    hint: `Look at what changed. \`{cli} plugins update ${id}\` brings the installed source again, \`{cli} plugins disable ${id}\` turns it off.`,
    ...(place !== undefined && { place }),
  };
}

function human({ ok, plugins, providers, problems }: PluginsDoctorReport, style: Style): string {
  const looked = `${counted(plugins, "plugin")} and ${providers} providers were looked at.`;
  const counts = problemCounts(problems);
  const verdict = ok ? `${style.good("✓")} Nothing is broken.` : `${style.bad("✗")} ${counts}.`;
  const rest = ok && counts !== "" ? ` ${counts}.` : "";
  return [`${verdict}${rest} ${looked}`, ...problemLines(problems, style)].join("\n");
}
