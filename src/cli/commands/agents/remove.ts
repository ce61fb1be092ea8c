import { planAgentRemove } from "../../../config/agent-edits.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { plannedEdit } from "../../planned-edit.ts";
import { wrap } from "../../text-width.ts";

export interface AgentsRemoveReport extends EditReport {
  id: string;
  /** Where its files stay. */
  dir: string;
  dirExists: boolean;
  /** Who is the default agent now, where the removed one was. */
  newDefault: string | null;
}

export const agentsRemove = defineCommand({
  summary: "Take an agent out of the config",
  about: "Its files stay where they are. Added again under the same id, it has its accounts back.",
  args: [{ name: "id", help: "the agent", names: "agent" }],
  rooms: [],
  options: editOptions,
  examples: [
    { run: "agents remove work", does: "its folder stays" },
    { run: "agents remove work --dry-run", does: "what would change" },
  ],
  run: async (broker, { dryRun }, [word = ""], talk): Promise<AgentsRemoveReport> => {
    const { host, names } = broker;
    const { report, facts } = await plannedEdit({ broker, talk, command: "agents remove", dryRun }, ({ config, agents }) =>
      planAgentRemove(word, { host, names, config: config(), agents: agents() }),
    );
    const { id, dir } = facts.agent;
    return { ...report, id, dir, dirExists: host.inspect(dir) !== undefined, newDefault: facts.newDefault ?? null };
  },
  human: (report, style) => {
    const { id, dir, dirExists, newDefault } = report;
    const says = [
      `Agent ${style.accent(id)} removed`,
      ...(newDefault === null ? [] : [`The default agent is ${style.accent(newDefault)} now.`]),
      ...(dirExists ? [wrap(`Its folder stays, with all that is in it: ${style.path(dir)}`, style.width)] : []),
    ];
    return editLines(report, { says, stays: says.join("\n") }, style);
  },
});
