import type { Broker, ConfigView } from "../../../broker.ts";
import { type PluginSwitched, planPlugin } from "../../../plugins/enablement-edits.ts";
import { enablement } from "../../../plugins/enablement.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";
import { wrap } from "../../text-width.ts";

export interface PluginsSwitchReport extends EditReport {
  id: string;
  /** False: none of that id was found here, and the config names it. */
  found: boolean;
  asked: "on" | "off";
  /** What it is now, or with `--dry-run` would be. */
  enabled: boolean;
  /** What decides that. */
  reason: string;
  /** What else was changed to that end. */
  also: string[];
  /** `agent`: an agent loads it, or what it is is not known. The others are used by this program itself. */
  form: "data" | "program" | "agent";
}

const ARGUMENT = { name: "id", help: "the id of a plugin", names: "plugin" } as const;

export const pluginsEnable = defineCommand({
  summary: "Turn a plugin on",
  about:
    "Writes plugins.entries.<id>.enabled, and sees to plugins.deny, plugins.allow and the memory slot. Providers of a plugin count at once. Agents read this when they start; their code is never run by {name} itself.",
  args: [ARGUMENT],
  rooms: [],
  options: editOptions,
  examples: [{ run: "plugins enable my-plugin", does: "its providers count; an agent that is started from now on loads it" }],
  run: (broker, { dryRun }, [word = ""], talk) => run("on", word, { broker, talk, dryRun }),
  human,
});

export const pluginsDisable = defineCommand({
  summary: "Turn a plugin off",
  about: "Writes plugins.entries.<id>.enabled, and takes the memory slot from it. Its files and its settings stay.",
  args: [ARGUMENT],
  rooms: [],
  options: editOptions,
  examples: [{ run: "plugins disable my-plugin", does: "its providers are gone; an agent that is started from now on does not load it" }],
  run: (broker, { dryRun }, [word = ""], talk) => run("off", word, { broker, talk, dryRun }),
  human,
});

async function run(
  wanted: "on" | "off",
  word: string,
  { broker, talk, dryRun }: { broker: Broker; talk: Talk; dryRun: boolean },
): Promise<PluginsSwitchReport> {
  const command = wanted === "on" ? "plugins enable" : "plugins disable";
  const { report, facts, after } = await plannedEdit({ broker, talk, command, dryRun }, ({ config, plugins, registry }) =>
    planPlugin(word, wanted, { config: config(), plugins: plugins(), registry: registry() }),
  );
  const now = standing(facts, after);
  return {
    ...report,
    id: facts.id,
    found: facts.plugin !== undefined,
    asked: wanted,
    enabled: now.isOn,
    reason: now.reason,
    also: [...facts.also],
    form: facts.plugin?.form ?? "agent",
  };
}

/** As an agent decides it with the new config. */
function standing({ id, plugin }: PluginSwitched, after: ConfigView): { readonly isOn: boolean; readonly reason: string } {
  if (plugin?.status === "error") return { isOn: false, reason: plugin.reason ?? "it is broken" };
  return enablement(id, plugin?.footing ?? "bundled", after.config().value.plugins);
}

const NOTICED = { agent: "An agent that is running notices when it is started again.", here: "It counts from now on." };

function human(report: PluginsSwitchReport, style: Style): string {
  const { id, asked, enabled, reason, also, form } = report;
  const isDone = enabled === (asked === "on");
  const state = `Plugin ${style.accent(id)}: ${isDone ? "" : "still "}${enabled ? "enabled" : "disabled"}`;
  const says = [
    `${state}${also.length === 0 ? "" : style.dim(` (also ${also.join(", ")})`)}`,
    wrap(isDone ? NOTICED[form === "agent" ? "agent" : "here"] : `What decides: ${reason}.`, style.width),
  ];
  return editLines(report, { says, stays: wrap(`${state}${isDone ? ", as before" : ""}: ${reason}.`, style.width, "  ") }, style);
}
