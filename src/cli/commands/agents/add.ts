import { literalText } from "../../../config/literal-text.ts";
import type { Broker, ConfigView } from "../../../broker.ts";
import { type AgentAdded, type AgentEditFacts, planAgentAdd } from "../../../config/agent-edits.ts";
import { chooseAgent } from "../../../config/agents.ts";
import type { Planned } from "../../../config/planned.ts";
import { type ChosenModel, chosenModel } from "../../../routing/chosen-model.ts";
import { keptUsable, notAllowedWarning } from "../../../routing/model-settings.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { refuseMistake, warnOfUnlisted } from "../../named-model.ts";
import { flag, type Given, text } from "../../option.ts";
import { editFacts, plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";

export interface AgentsAddReport extends EditReport {
  id: string;
  name: string | null;
  /** Where its accounts will be kept; it need not exist. */
  dir: string;
  default: boolean;
  /** Its own model; null where that of all agents counts. */
  model: string | null;
  /** `main`, where it was there without being listed: it is listed now, and so it stays. */
  alsoListed: string | null;
}

const options = {
  name: text("<text>", "what people call it"),
  dir: text("<path>", "its folder, for accounts and models.json; one below the state folder unless given", { names: "file" }),
  model: text("<ref>", "a default model of its own: provider/model, or an alias", { names: "model" }),
  default: flag("make it the agent that commands are about"),
  ...editOptions,
};

export const agentsAdd = defineCommand({
  summary: "Add an agent",
  about:
    "The id is written in lower case; other characters than letters, digits, - and _ become -. No folder is made before something is kept in it. Every agent sees the accounts of main beside its own.",
  args: [{ name: "id", help: "for example work" }],
  rooms: [],
  options,
  examples: [
    { run: "agents add work", does: "an agent with the default models" },
    { run: 'agents add work --name "At work" --model fast --default', does: "with a name and a model, for all commands" },
  ],
  run,
  human,
});

interface Added extends AgentAdded {
  readonly chosen: ChosenModel | undefined;
}

async function run(
  broker: Broker,
  given: Given<typeof options>,
  [id = ""]: readonly string[],
  talk: Parameters<typeof plannedEdit>[0]["talk"],
): Promise<AgentsAddReport> {
  if (given.model !== undefined) await refuseMistake(given.model, broker);
  const edit = await plannedEdit({ broker, talk, command: "agents add", dryRun: given.dryRun }, (view) => plan(id, given, view, broker));
  const { chosen, alsoListed } = edit.facts;
  if (chosen !== undefined) await warnOfUnlisted(chosen, edit.before, { broker, talk });
  const agent = chooseAgent(broker.host, edit.after.config(), broker.names, edit.facts.id).chosen;
  return {
    ...edit.report,
    id: agent.id,
    name: agent.name ?? null,
    dir: agent.dir,
    default: agent.isDefault,
    model: agent.model?.primary ?? null,
    alsoListed: alsoListed ?? null,
  };
}

function plan(id: string, { name, dir, model, default: isDefault }: Given<typeof options>, view: ConfigView, { host, names }: Broker): Planned<Added> {
  const facts = editFacts(view);
  const chosen = model === undefined ? undefined : chosenModel(model, facts.chain);
  const where: AgentEditFacts = { host, names, config: facts.config, agents: facts.agents };
  const added = planAgentAdd(
    { id, name: name === undefined ? undefined : literalText(name), dir, model: chosen?.text, standing: isDefault ? "default" : "one of several" },
    where,
  );
  return {
    edits: [...added.edits, ...(chosen === undefined ? [] : keptUsable(chosen, facts))],
    facts: { ...added.facts, chosen },
    warnings: chosen === undefined ? [] : notAllowedWarning(chosen, facts),
  };
}

function human(report: AgentsAddReport, style: Style): string {
  const { id, name, dir, model, alsoListed } = report;
  const facts = [...(name === null ? [] : [name]), ...(report.default ? ["the default agent"] : []), ...(model === null ? [] : [`model ${model}`])];
  const says = [
    `Agent ${style.accent(id)}${facts.length === 0 ? "" : `: ${facts.join(", ")}`}`,
    wrap(`Its folder, ${style.path(dir)}, is made when something is kept there.${id === "main" ? "" : " It sees the accounts of main as well."}`, style.width),
    ...(alsoListed === null ? [] : [wrap(`${alsoListed} was there without being listed. It is listed now, so that it stays.`, style.width)]),
  ];
  return editLines(report, { says, stays: says.join("\n") }, style);
}
