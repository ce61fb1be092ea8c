import type { Broker } from "../../../broker.ts";
import { problemRows } from "../../../status/problem-row.ts";
import { defineCommand } from "../../command.ts";
import { hang } from "../../hanging-text.ts";
import { flag, type Given } from "../../option.ts";
import { problemCounts, problemLines } from "../../problem-lines.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";
import { padEnd } from "../../text-width.ts";
import { pluginDetails, pluginState, providerDetails, shortLogin, stateText } from "./detail-lines.ts";
import { allPlugins, pluginProblems } from "./plugin-problems.ts";
import { type PluginRow, pluginRow } from "./plugin-row.ts";

import { type LoginProviderRow, methodLines, shortMethods, told, withMethods } from "./method-row.ts";
import { type ProviderRow, providerRows } from "./provider-row.ts";

/** `workspaceDir`, `plugins` and `diagnostics` are those of older agents; the other keys are ours. */
export interface PluginsListReport {
  schemaVersion: 1;
  workspaceDir: string;
  plugins: PluginRow[];
  diagnostics: DiagnosticRow[];
  providers: LoginProviderRow[];
}

/** Errors first. */
export interface DiagnosticRow {
  level: "error" | "warn" | "note";
  message: string;
  pluginId?: string;
  source?: string;
  code: string;
  hint: string;
  line: number | null;
  column: number | null;
}

const options = {
  enabled: flag("only what can be used now: providers that are set up, and plugins that are on"),
  verbose: flag("all facts of each, some lines apiece"),
};

type Flags = Given<typeof options>;

export const pluginsList = defineCommand({
  summary: "List providers and how to log in to them, and installed plugins",
  about: "Providers are built in, or come from the config or from a plugin's manifest. Plugins of the agents are read and never run.",
  options,
  examples: [
    { run: "plugins list", does: "every provider, and the variable or login that it takes" },
    { run: "plugins list --enabled", does: "those that are set up" },
    { run: "plugins info groq", does: "all facts of one, with their sources" },
  ],
  run,
  human,
  plain: ({ providers, plugins }) =>
    [...providers.map(({ id, state }) => `${id}\tprovider\t${state}`), ...plugins.map(({ id, status }) => `${id}\tplugin\t${status}`)].join("\n"),
});

async function run(broker: Broker, given: Flags): Promise<PluginsListReport> {
  const { workspaceDir, plugins } = allPlugins(broker);
  const providers = await withMethods(broker, providerRows(broker));
  const rows = plugins.map((plugin) => pluginRow(plugin, workspaceDir));
  return {
    schemaVersion: 1,
    workspaceDir,
    plugins: given.enabled ? rows.filter(({ status }) => status === "loaded") : rows,
    diagnostics: diagnostics(broker),
    providers: given.enabled ? providers.filter(({ state }) => state !== "not set") : providers,
  };
}

function diagnostics(broker: Broker): DiagnosticRow[] {
  return problemRows(pluginProblems(broker)).map(({ severity, subject, message, hint, code, file, line, column }) => ({
    level: severity === "warning" ? "warn" : severity,
    message,
    ...(subject.startsWith("plugin ") && { pluginId: subject.slice("plugin ".length) }),
    ...(file !== null && { source: file }),
    code,
    hint,
    line,
    column,
  }));
}

function human(report: PluginsListReport, style: Style, given: Flags): string {
  const problems = report.diagnostics.filter(({ level }) => level !== "note").map(asProblem);
  return [
    ...(problems.length === 0 ? [] : [`${style.bold("Problems")}  ${problemCounts(problems)}`, ...problemLines(problems, style), ""]),
    ...(given.verbose
      ? report.providers.flatMap((row) => [...providerDetails(told(row), style, methodLines(row.methods, style)), ""])
      : providerGroups(report.providers, style)),
    ...pluginLines(report, style, given),
    style.dim(`\`${style.cli} plugins info <id>\` shows all facts of one provider or plugin.`),
    style.dim(`\`${style.cli} models auth login <id>\` logs in to a provider.`),
  ].join("\n");
}

/** A diagnostic in the shape that all commands show problems in. */
function asProblem({ level, message, hint, code, source, line, column }: DiagnosticRow): Parameters<typeof problemLines>[0][number] {
  return { severity: level === "warn" ? "warning" : level, message, hint, code, subject: "", file: source ?? null, line, column };
}

const GROUPS: readonly { readonly title: string; readonly states: readonly ProviderRow["state"][] }[] = [
  { title: "Set up", states: ["set", "delegated"] },
  { title: "Servers of your own, without a key", states: ["not needed"] },
  { title: "Not set up", states: ["not set"] },
];

function providerGroups(providers: readonly LoginProviderRow[], style: Style): string[] {
  const widest = Math.max(0, ...providers.map(({ id }) => id.length));
  const ready = providers.filter(({ state }) => state === "set" || state === "delegated").length;
  const groups = GROUPS.flatMap(({ title, states }) => {
    const rows = providers.filter(({ state }) => states.includes(state)).map((row) => tableRow(row, Math.min(widest, 24), style));
    return rows.length === 0 ? [] : [style.dim(`  ${title}`), table(rows, { style, flexible: 1, holds: "words", indent: "  " }), ""];
  });
  return [`${style.bold("Providers")}  ${providers.length} known, ${ready} set up`, ...groups];
}

function tableRow(row: LoginProviderRow, width: number, style: Style): string[] {
  const name = style.accent(padEnd(row.id, width));
  if (row.state === "not needed") return [name, row.baseUrl ?? ""];
  const { logins } = told(row);
  // Where a variable does, a login that is not offered here is no news.
  const offered = logins.some(({ variables }) => variables.length > 0)
    ? logins.filter(({ kind, variables }) => kind !== "oauth" || variables.length > 0)
    : logins;
  const ways = [shortLogin({ ...row, logins: offered }, style), shortMethods(row.methods) ?? ""].filter((way) => way !== "").join("; ");
  return row.state === "not set" ? [name, ways] : [name, ways, stateText(row, style)];
}

function pluginLines(report: PluginsListReport, style: Style, given: Flags): string[] {
  if (report.plugins.length === 0) {
    const which = given.enabled ? "is turned on" : "is installed";
    return [style.bold("Plugins"), hang("  ", `No plugin of an agent ${which} here. That is no fault: the providers above need none.`, style.width), ""];
  }
  const on = report.plugins.filter(({ status }) => status === "loaded").length;
  const heading = `${style.bold("Plugins")}  ${report.plugins.length} installed, ${on} on`;
  if (given.verbose) return [heading, ...report.plugins.flatMap((row) => pluginDetails(row, style)), ""];
  const rows = report.plugins.map((row) => [style.accent(row.id), pluginState(row, style), row.origin, row.version ?? "-", row.providerIds.join(", ")]);
  return [heading, table(rows, { headers: ["Id", "State", "From", "Version", "Brings"], style, flexible: 4, indent: "  " }), ""];
}
