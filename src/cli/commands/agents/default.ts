import { planAgentDefault } from "../../../config/agent-edits.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { plannedEdit } from "../../planned-edit.ts";
import { wrap } from "../../text-width.ts";

export interface AgentsDefaultReport extends EditReport {
  id: string;
  previous: string | null;
  /** An environment variable that names another folder for this run, and counts more. */
  variable: string | null;
}

export const agentsDefault = defineCommand({
  summary: "Choose the agent that commands are about",
  about: "--agent chooses one for a single command; {PFX}_AGENT_DIR and PI_CODING_AGENT_DIR name a folder for all of them.",
  args: [{ name: "id", help: "the agent", names: "agent" }],
  rooms: [],
  options: editOptions,
  examples: [{ run: "agents default work", does: "from now on" }],
  run: async (broker, { dryRun }, [word = ""], talk): Promise<AgentsDefaultReport> => {
    const { host, names } = broker;
    const { report, facts, after } = await plannedEdit({ broker, talk, command: "agents default", dryRun }, ({ config, agents }) =>
      planAgentDefault(word, { host, names, config: config(), agents: agents() }),
    );
    return { ...report, id: facts.id, previous: facts.previous ?? null, variable: after.agents().variable ?? null };
  },
  human: (report, style) => {
    const { id, previous, variable } = report;
    const was = previous === null || previous === id ? "" : style.dim(` (was ${previous})`);
    const hidden = variable === null ? [] : [wrap(`${variable} is set: it names the folder that commands use, whichever agent is the default.`, style.width)];
    return editLines(
      report,
      {
        says: [`Default agent: ${style.accent(id)}${was}`, ...hidden],
        stays: [`Default agent: ${style.accent(id)}, as before`, ...hidden].join("\n"),
      },
      style,
    );
  },
});
