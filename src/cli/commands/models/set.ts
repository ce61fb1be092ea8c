import type { Broker } from "../../../broker.ts";
import { type ChoiceKind } from "../../../routing/model-choice.ts";
import { planPrimary } from "../../../routing/primary-edits.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { refuseMistake, warnOfUnlisted } from "../../named-model.ts";
import { editFacts, plannedEdit } from "../../planned-edit.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";

export interface ModelsSetReport extends EditReport {
  role: "default" | "image";
  /** As it is written: provider/model, with @account where one is pinned. */
  primary: string;
  /** As it was written; null where nothing was. */
  previous: string | null;
  /** null: of all agents. */
  agentId: string | null;
}

const TEXTS = {
  model: {
    command: "models set",
    summary: "Choose the default model",
    about:
      "Takes a reference or an alias; what is written is the reference. With --agent the agent gets a model of its own. Fallbacks and all other settings stay as they are.",
    examples: [
      { run: "models set groq/llama-3.3-70b-versatile", does: "the default model of all agents" },
      { run: "models set fast --agent work", does: "what the alias stands for, for one agent" },
      { run: "models set anthropic/claude-opus-4-6@anthropic:work", does: "always with this account" },
      { run: "models set fast --dry-run", does: "what would change" },
    ],
  },
  imageModel: {
    command: "models set-image",
    summary: "Choose the model for images",
    about: "It looks at images where the default model cannot. Agents have none of their own.",
    examples: [
      { run: "models set-image openai/gpt-5-mini", does: "the image model of all agents" },
      { run: "models set-image openai/gpt-5-mini --dry-run", does: "what would change" },
    ],
  },
} as const;

export const modelsSet = setCommand("model");
export const modelsSetImage = setCommand("imageModel");

function setCommand(kind: ChoiceKind) {
  const { summary, about, examples } = TEXTS[kind];
  return defineCommand({
    summary,
    about,
    args: [{ name: "model", help: "provider/model, or an alias", names: "model" }],
    rooms: [],
    options: editOptions,
    examples,
    run: (broker, given, [word = ""], talk) => run(kind, word, { broker, talk, dryRun: given.dryRun }),
    human,
  });
}

async function run(kind: ChoiceKind, word: string, { broker, talk, dryRun }: { broker: Broker; talk: Talk; dryRun: boolean }): Promise<ModelsSetReport> {
  await refuseMistake(word, broker);
  const edit = await plannedEdit({ broker, talk, command: TEXTS[kind].command, dryRun }, (view) => planPrimary(kind, word, editFacts(view)));
  const { chosen, previous, agentId } = edit.facts;
  if (edit.report.outcome !== "unchanged") await warnOfUnlisted(chosen, edit.before, { broker, talk });
  return { ...edit.report, role: kind === "model" ? "default" : "image", primary: chosen.text, previous: previous ?? null, agentId: agentId ?? null };
}

function human(report: ModelsSetReport, style: Style): string {
  const { role, primary, previous, agentId } = report;
  const title = `${role === "default" ? "Default" : "Image"} model${agentId === null ? "" : ` of ${agentId}`}`;
  const before = previous === null ? "" : style.dim(` (was ${previous})`);
  return editLines(report, { says: [`${title}: ${style.accent(primary)}${before}`], stays: `${title}: ${style.accent(primary)}, as before` }, style);
}
