import { refText } from "../catalog/model-ref.ts";
import type { Agent } from "../config/agents.ts";
import { keyPathText } from "../config/key-path.ts";
import type { Planned } from "../config/planned.ts";
import type { AgentId } from "../kernel/ids.ts";
import { chosenModel, type ChosenModel, type EditFacts } from "./chosen-model.ts";
import { type ChoiceKind, setPrimary, type WrittenChoice, writtenChoice } from "./model-choice.ts";
import { keptUsable, notAllowedWarning } from "./model-settings.ts";

export interface PrimaryFacts {
  readonly chosen: ChosenModel;
  /** As it was written; undefined where nothing was. */
  readonly previous: string | undefined;
  /** undefined: of all agents. */
  readonly agentId: AgentId | undefined;
}

/** Makes `word` the default model, or the image model, of all agents or of the one that `--agent` names. */
export function planPrimary(kind: ChoiceKind, word: string, facts: EditFacts): Planned<PrimaryFacts> {
  const choice = writtenChoice(kind, facts.config, facts.agents);
  const chosen = chosenModel(word, facts.chain);
  const told = { chosen, previous: choice.primary, agentId: choice.agentId };
  const warnings = kind === "model" ? [...notAllowedWarning(chosen, facts), ...ownPrimary(choice, chosen, facts), ...bareWords(choice, chosen, facts)] : [];
  if (isThere(choice, word, chosen)) return { edits: [], facts: told, warnings };
  return { edits: [...setPrimary(choice, chosen.text, facts.config), ...keptUsable(chosen, facts)], facts: told, warnings };
}

/** Also when the very word that is there was given: an alias that somebody wrote stays one. */
function isThere({ primary }: WrittenChoice, word: string, { text, resolution }: ChosenModel): boolean {
  return primary === text || (resolution.via === "alias" && primary?.toLowerCase() === word.trim().toLowerCase());
}

/** What was set for all does not count for an agent that has a model of its own. */
function ownPrimary(choice: WrittenChoice, { text }: ChosenModel, { agents }: EditFacts): string[] {
  const { id, model } = agents.chosen;
  if (doesCount(choice, agents.chosen) || model?.primary?.trim() === text) return [];
  return [
    `The default agent ${id} has a model of its own, ${model?.primary}, which still counts for it. \`{cli} models set ${text} --agent ${id}\` changes it.`,
  ];
}

/** A word without a provider is a model of the default model's provider. */
function bareWords(choice: WrittenChoice, { ref }: ChosenModel, { agents, chain }: EditFacts): string[] {
  if (ref.provider === chain.defaultProvider || !doesCount(choice, agents.chosen)) return [];
  return chain.entries.flatMap(({ role, raw, resolution, keyPath }) => {
    if (role === "default" || resolution?.via !== "default-provider") return [];
    const now = refText({ provider: ref.provider, model: resolution.ref.model });
    return [`${keyPathText(keyPath ?? [])} says "${raw}" without a provider: it meant ${refText(resolution.ref)} and is read as ${now} now.`];
  });
}

/** Whether the chosen agent's default model is the one that is set. */
function doesCount({ agentId }: WrittenChoice, { model }: Agent): boolean {
  return agentId !== undefined || (model?.primary?.trim() ?? "") === "";
}
