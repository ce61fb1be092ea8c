import type { Broker } from "../../../broker.ts";
import type { Agent, Agents } from "../../../config/agents.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";
import { wrap } from "../../text-width.ts";

export interface AgentsListReport {
  schemaVersion: 1;
  /** In the order of the config. */
  agents: AgentRow[];
  /** The agent that commands are about when this is run. */
  chosen: string;
  chosenBy: "flag" | "environment" | "default";
  /** The environment variable that names the chosen agent's folder. */
  variable: string | null;
  /** Whose stored accounts the other agents see as well. */
  mainDir: string;
}

export interface AgentRow {
  id: string;
  name: string | null;
  /** Holds auth-profiles.json and models.json. */
  dir: string;
  default: boolean;
  chosen: boolean;
  /** What the agent says for itself; null where the defaults count. */
  model: { primary: string | null; fallbacks: string[] | null } | null;
  file: string | null;
  line: number | null;
  column: number | null;
}

export const agentsList = defineCommand({
  summary: "List the configured agents and their folders",
  about: "Without agents.list in the config there is one agent, main. `--agent <id>` chooses one for a single command.",
  rooms: [],
  options: {},
  examples: [
    { run: "agents list", does: "every agent, its folder and its own model" },
    { run: "agents list --plain", does: "one id a line" },
  ],
  run: (broker: Broker): AgentsListReport => agentsReport(broker.agents()),
  human,
  plain: ({ agents }) => agents.map(({ id }) => id).join("\n"),
});

function agentsReport({ all, chosen, chosenBy, variable, mainDir }: Agents): AgentsListReport {
  const agents = all.map((agent) => agentRow(agent.id === chosen.id ? chosen : agent, agent.id === chosen.id ? "chosen" : "other"));
  return { schemaVersion: 1, agents, chosen: chosen.id, chosenBy, variable: variable ?? null, mainDir };
}

function agentRow(agent: Agent, standing: "chosen" | "other"): AgentRow {
  const { id, name, dir, isDefault, model, place } = agent;
  return {
    id,
    name: name ?? null,
    dir,
    default: isDefault,
    chosen: standing === "chosen",
    model: model === undefined ? null : { primary: model.primary ?? null, fallbacks: model.fallbacks === undefined ? null : [...model.fallbacks] },
    file: place?.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

function human(report: AgentsListReport, style: Style): string {
  const rows = report.agents.map((agent) => [style.accent(agent.id), agent.name ?? "", roles(agent, style), style.path(agent.dir), modelText(agent)]);
  const lines = [table(rows, { headers: ["Agent", "Name", "", "Folder", "Own model"], style, flexible: 3 })];
  if (report.variable !== null)
    lines.push("", wrap(`${style.warn("!")} ${report.variable} names the folder of ${report.chosen} for this run.`, style.width, "  "));
  return lines.join("\n");
}

function roles({ default: isDefault, chosen }: AgentRow, style: Style): string {
  return [...(isDefault ? ["default"] : []), ...(chosen && !isDefault ? [style.good("chosen")] : [])].join(", ");
}

function modelText({ model }: AgentRow): string {
  if (model === null) return "";
  const { primary, fallbacks } = model;
  const rest = fallbacks === null ? "" : fallbacks.length === 0 ? " (no fallbacks)" : ` (+${counted(fallbacks.length, "fallback")})`;
  return `${primary ?? "default model"}${rest}`;
}
