import type { ConfigEdit } from "../../../config/config-edit.ts";
import type { LoadedConfig } from "../../../config/loaded-config.ts";
import type { Planned } from "../../../config/planned.ts";
import { AppError } from "../../../kernel/errors.ts";
import { didYouMean, nearest } from "../../../kernel/nearest.ts";
import type { Broker } from "../../../broker.ts";
import type { Plugin } from "../../../plugins/plugin.ts";
import { defineCommand } from "../../command.ts";
import { editLines, type EditReport } from "../../edit-report.ts";
import { flag } from "../../option.ts";
import { plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { wrap } from "../../text-width.ts";
import { planForgetting } from "../../../plugins/forget.ts";

export interface PluginsUninstallReport extends EditReport {
  id: string;
  /** The folder that is gone, or with `--dry-run` would be. null for one that is used from where it is: it stays there. */
  folder: string | null;
  /** Ids of stored accounts of its providers: they stay. */
  accounts: string[];
}

const options = { yes: flag("do not ask"), dryRun: flag("show what would be removed, and remove nothing") };

export const pluginsUninstall = defineCommand({
  summary: "Remove a plugin",
  about: "Its folder and its settings in the config go. Accounts of its providers stay in the auth store; `models auth logout` removes those.",
  args: [{ name: "id", help: "the id of a plugin", names: "plugin" }],
  options,
  examples: [
    { run: "plugins uninstall acme", does: "asks, then removes it" },
    { run: "plugins uninstall acme --dry-run", does: "what would be removed" },
  ],
  run: async (broker, { yes, dryRun }, [word = ""], talk): Promise<PluginsUninstallReport> => {
    const plugin = installed(broker, word);
    const folder = plugin.origin === "global" ? plugin.folder : null;
    if (!yes && !dryRun) await agree(talk, plugin, folder);
    const accounts = broker
      .credentials()
      .profiles.filter(({ provider, origin }) => plugin.providerIds.includes(provider) && origin.kind === "store")
      .map(({ id }) => String(id));
    const { report } = await plannedEdit({ broker, talk, command: "plugins uninstall", dryRun }, ({ config }) => plan(config(), plugin, broker));
    if (!dryRun && folder !== null) (await broker.host.plugins()).removeFolder(folder);
    return { ...report, outcome: dryRun ? "dry run" : "written", id: plugin.id, folder, accounts };
  },
  human,
});

function plan(config: LoadedConfig, plugin: Plugin, { host }: Broker): Planned<undefined> {
  const edits: readonly ConfigEdit[] = planForgetting(plugin, config, host);
  return { edits, facts: undefined, warnings: [] };
}

/** Only what lies in the state folder, or was linked, is ours to remove. */
function installed(broker: Broker, word: string): Plugin {
  const { plugins } = broker.plugins();
  const wanted = word.trim().toLowerCase();
  const plugin = plugins.find(({ id }) => id.toLowerCase() === wanted);
  if (plugin === undefined) {
    const known = plugins.map(({ id }) => id);
    const hint = didYouMean(word, known).trim() || "`{cli} plugins list` shows those that are installed.";
    throw new AppError("PLUGIN_UNKNOWN", `no plugin "${word.slice(0, 100)}" is installed`, { hint, suggestions: nearest(word, known) });
  }
  if (plugin.form === "agent")
    throw new AppError("PLUGIN_REFUSED", `${plugin.id} is code of an older agent, which installed it and keeps track of it`, {
      hint: "Uninstall it with that agent.",
    });
  if (plugin.origin === "global" || plugin.origin === "config") return plugin;
  const where = plugin.origin === "bundled" ? "comes with the agent" : "belongs to a workspace";
  throw new AppError("PLUGIN_REFUSED", `${plugin.id} ${where} and is not removed from there`, { hint: `Turn it off: \`{cli} plugins disable ${plugin.id}\`.` });
}

async function agree(talk: Talk, { id }: Plugin, folder: string | null): Promise<void> {
  const question = folder === null ? `Stop using ${id}? Its folder stays.` : `Remove ${id}, with all files in ${folder}?`;
  if (await talk.confirm(question, { instead: "Give --yes, or --dry-run to see what would be removed.", initial: "no" })) return;
  throw new AppError("INTERRUPTED", "it was not agreed to", { hint: "Nothing was changed." });
}

function human(report: PluginsUninstallReport, style: Style): string {
  const { id, folder, accounts, outcome } = report;
  const verb = outcome === "dry run" ? "Would remove" : "Removed";
  const says = [
    `${verb} ${style.accent(id)}${folder === null ? "; its folder stays" : ` and ${style.path(folder)}`}`,
    ...(accounts.length === 0 ? [] : [wrap(`Its accounts stay: ${accounts.join(", ")}. \`${style.cli} models auth logout <id>\` removes one.`, style.width)]),
  ];
  return report.files.length === 0 ? says.join("\n") : editLines(report, { says, stays: says.join("\n") }, style);
}
