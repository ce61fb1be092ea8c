import type { ConfigEdit } from "../config/config-edit.ts";
import type { WrittenText } from "../config/written-text.ts";
import { AppError } from "../kernel/errors.ts";
import type { AgentId } from "../kernel/ids.ts";
import { type EditFacts, pinnedText, resolvedText } from "./chosen-model.ts";
import { type ChoiceKind, choiceOfAll, setFallbacks, type WrittenChoice, writtenChoice } from "./model-choice.ts";

/** A list of fallbacks that is to be changed. */
export interface FallbackList {
  readonly kind: ChoiceKind;
  readonly choice: WrittenChoice;
  /** `inherited`: the agent has no list of its own yet; the change makes one, of all that it has so far. `none`: there is no list. */
  readonly source: "own" | "inherited" | "none";
  /** Those that count, in order; their positions are what people count. */
  readonly items: readonly FallbackItem[];
  /** Also those whose variable is unset. */
  readonly written: readonly WrittenText[];
}

export interface FallbackItem {
  readonly text: string;
  /** In the list of the files. */
  readonly index: number;
  /** `provider/model`; undefined for what leads nowhere. */
  readonly key: string | undefined;
  /** The key and the account that it pins. */
  readonly pinned: string | undefined;
}

export interface FallbackFacts {
  /** As written, in the new order. */
  readonly fallbacks: readonly string[];
  /** undefined: of all agents. */
  readonly agentId: AgentId | undefined;
  /** The agent got a list of its own. */
  readonly startedOwn: boolean;
}

/** The list of all agents, or with `--agent` that agent's: until it has one, what it inherits. */
export function fallbackList(kind: ChoiceKind, facts: EditFacts): FallbackList {
  const choice = writtenChoice(kind, facts.config, facts.agents);
  const isInheriting = choice.agentId !== undefined && choice.fallbacks === undefined;
  const written = choice.fallbacks ?? (isInheriting ? choiceOfAll(kind, facts.config).fallbacks : undefined) ?? [];
  const source = choice.fallbacks !== undefined ? "own" : isInheriting ? "inherited" : "none";
  return { kind, choice, source, written, items: written.flatMap((one) => itemOf(one, facts)) };
}

function itemOf({ text, index }: WrittenText, { chain }: EditFacts): FallbackItem[] {
  if (text === undefined) return [];
  const resolution = resolvedText(text, chain);
  if (resolution === undefined) return [{ text, index, key: undefined, pinned: undefined }];
  return [{ text, index, key: pinnedText({ ref: resolution.ref }), pinned: pinnedText(resolution) }];
}

/** `texts` as the whole list of its owner. Throws CONFIG_EDIT_REFUSED when one of them cannot be copied. */
export function rewritten({ choice }: FallbackList, texts: readonly (string | WrittenText)[], { config }: EditFacts): ConfigEdit[] {
  return setFallbacks(
    choice,
    texts.map((one) => (typeof one === "string" ? one : copied(one))),
    config,
  );
}

function copied({ copy, index }: WrittenText): string {
  if (copy !== undefined) return copy;
  throw new AppError("CONFIG_EDIT_REFUSED", `fallback ${index + 1} of the common list is put together from variables and cannot be copied`, {
    hint: "Write the agent's own list into the config by hand, or give that fallback a variable of its own.",
  });
}

/** The first item that is the same model with the same account. */
export function positionOf({ items }: FallbackList, pinned: string): number {
  return items.findIndex((item) => item.pinned === pinned);
}

export function factsOf({ choice, source }: FallbackList, fallbacks: readonly string[], happened: "changed" | "nothing"): FallbackFacts {
  return { fallbacks, agentId: choice.agentId, startedOwn: happened === "changed" && source === "inherited" };
}

/** A change of the common list does not count for an agent that has a list of its own. */
export function ownListWarning({ choice, kind }: FallbackList, { agents }: EditFacts): string[] {
  const { chosen } = agents;
  if (kind !== "model" || choice.agentId !== undefined || chosen.model?.fallbacks === undefined) return [];
  return [`The default agent ${chosen.id} has fallbacks of its own, which still count for it: \`{cli} models fallbacks list --agent ${chosen.id}\`.`];
}
