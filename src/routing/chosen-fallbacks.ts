import type { ConfigEdit } from "../config/config-edit.ts";
import type { Planned } from "../config/planned.ts";
import { chosenModel, type EditFacts, pinnedText } from "./chosen-model.ts";
import { type FallbackFacts, factsOf, fallbackList, ownListWarning, positionOf, rewritten } from "./fallback-list.ts";
import type { ChoiceKind } from "./model-choice.ts";
import { keptUsable, refuseKeptOut } from "./model-settings.ts";
import { planPrimary } from "./primary-edits.ts";

/** Several models at once, as somebody chose them from a list. */
export interface ChosenModels {
  readonly kind: ChoiceKind;
  /** In the order in which they are to be asked. */
  readonly words: readonly string[];
  /** `replace`: nothing else stays. `append`: those that are there stay, and stay first. */
  readonly how: "replace" | "append";
  /** The first of them becomes the default, or the image model. */
  readonly primary: "kept" | "first";
}

export interface FallbacksChosen extends FallbackFacts {
  readonly kind: ChoiceKind;
  /** As they were written. */
  readonly removed: readonly string[];
  /** What the default, or the image model, is now; undefined where it was not to be changed. */
  readonly primary: string | undefined;
  /** What it was, as it was written. */
  readonly previous: string | undefined;
}

/** All of it, or nothing. Throws MODEL_NOT_ALLOWED and what `chosenModel` throws. */
export function planChosenModels(choices: readonly ChosenModels[], facts: EditFacts): Planned<readonly FallbacksChosen[]> {
  const plans = choices.map((choice) => planOne(choice, facts));
  const edits = new Map(plans.flatMap((plan) => plan.edits.map((edit) => [JSON.stringify(edit), edit] as const)));
  return { edits: [...edits.values()], facts: plans.map((plan) => plan.facts), warnings: [...new Set(plans.flatMap(({ warnings }) => warnings))] };
}

function planOne({ kind, words, how, primary }: ChosenModels, facts: EditFacts): Planned<FallbacksChosen> {
  const chosen = words.map((word) => chosenModel(word, facts.chain));
  for (const one of chosen) refuseKeptOut(one, facts);
  const [first] = chosen;
  const promoted = primary === "first" && first !== undefined ? planPrimary(kind, first.text, facts) : undefined;
  const list = fallbackList(kind, facts);
  const wanted = chosen.filter(({ text }) => text !== (promoted === undefined ? primaryOf(kind, facts) : first?.text));
  const added = how === "append" ? wanted.filter(({ text }) => positionOf(list, text) < 0) : wanted;
  const stay = how === "append" ? list.items.map(({ text }) => text) : [];
  const fallbacks = [...stay, ...added.map(({ text }) => text)];
  const before = list.items.map(({ text }) => text);
  const isChanged = fallbacks.join("\n") !== before.join("\n");
  return {
    // The primary first: where the choice is a text, it is replaced as one, and grows into an object afterwards.
    edits: [...(promoted?.edits ?? []), ...(isChanged ? listEdits() : []), ...chosen.flatMap((one) => keptUsable(one, facts))],
    facts: {
      ...factsOf(list, fallbacks, isChanged ? "changed" : "nothing"),
      kind,
      removed:
        isChanged && how === "replace"
          ? list.written.map(({ text, copy }) => text ?? copy ?? "a variable that is unset").filter((text) => !fallbacks.includes(text))
          : [],
      primary: promoted?.facts.chosen.text,
      previous: promoted?.facts.previous,
    },
    warnings: [...(promoted?.warnings ?? []), ...ownListWarning(list, facts)],
  };

  function listEdits(): ConfigEdit[] {
    const { source, choice, written } = list;
    if (how === "replace" || source !== "own") return rewritten(list, [...(how === "append" ? written : []), ...added.map(({ text }) => text)], facts);
    return added.map(({ text }, i) => ({ kind: "insert", path: [...choice.path, "fallbacks"], index: written.length + i, value: text }));
  }
}

/** As its own fallback it would answer nothing that it did not answer before. */
function primaryOf(kind: ChoiceKind, { chain }: EditFacts): string | undefined {
  const role = kind === "model" ? "default" : "image";
  const resolution = chain.entries.find((entry) => entry.role === role)?.resolution;
  return resolution === undefined ? undefined : pinnedText(resolution);
}
