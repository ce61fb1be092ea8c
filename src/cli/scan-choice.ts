import type { Broker } from "../broker.ts";
import { type Preference, preselected, ranked, rankedForImages } from "../probe/scan-ranking.ts";
import type { ScanRow } from "../probe/scan-row.ts";
import type { ChosenModels } from "../routing/chosen-fallbacks.ts";
import { fallbackList } from "../routing/fallback-list.ts";
import type { ChoiceKind } from "../routing/model-choice.ts";
import { editFacts } from "./planned-edit.ts";
import { CHOICE_HEADERS, choiceLabels } from "./scan-cells.ts";
import type { Talk } from "./talk.ts";

/** What is to become of the rows. */
export interface ScanWish {
  readonly prefer: Preference;
  readonly maxCandidates: number;
  readonly keepExisting: boolean;
  readonly setDefault: boolean;
  readonly setImage: boolean;
  /** Images are left alone: agents have no image model of their own. */
  readonly isForAgent: boolean;
}

/** The first of what ranks best, as `--yes` takes it. */
export function usualChoice(rows: readonly ScanRow[], wish: ScanWish): ChosenModels[] {
  const { models, images } = preselected(rows, wish.prefer, wish.maxCandidates);
  const how = wish.keepExisting ? "append" : "replace";
  return choices(wish, { model: { rows: models, how }, imageModel: { rows: images, how } });
}

/** Asks the person. Nothing chosen in a list leaves it as it is. */
export async function askedChoice(broker: Broker, talk: Talk, rows: readonly ScanRow[], wish: ScanWish): Promise<ChosenModels[]> {
  const usual = preselected(rows, wish.prefer, wish.maxCandidates);
  const able = ranked(rows, wish.prefer).filter(({ tool }) => tool.ok);
  const models = await ask(talk, "Which of them become fallbacks, in this order?", able, usual.models);
  const model = { rows: models, how: await howFor("model", models, { broker, talk, wish }) };
  const seeing = wish.isForAgent ? [] : rankedForImages(rows, wish.prefer);
  const images = seeing.length === 0 ? [] : await ask(talk, "Which become fallbacks for images?", seeing, usual.images);
  return choices(wish, { model, imageModel: { rows: images, how: await howFor("imageModel", images, { broker, talk, wish }) } });
}

function ask(talk: Talk, question: string, offered: readonly ScanRow[], initial: readonly ScanRow[]): Promise<readonly ScanRow[]> {
  const labels = choiceLabels(offered);
  const listed = offered.map((row, index) => ({ value: row, label: labels[index] ?? row.id }));
  return talk.chooseMany(`${question}\n${CHOICE_HEADERS}`, listed, { initial, instead: INSTEAD });
}

const INSTEAD = "Give --yes to take the best, or --no-input to change nothing.";

async function howFor(
  kind: ChoiceKind,
  chosen: readonly ScanRow[],
  { broker, talk, wish }: { readonly broker: Broker; readonly talk: Talk; readonly wish: ScanWish },
): Promise<ChosenModels["how"]> {
  if (wish.keepExisting || chosen.length === 0) return "append";
  const refs = chosen.map(({ modelRef }) => modelRef);
  const others = fallbackList(kind, editFacts(broker)).items.filter(({ pinned }) => pinned === undefined || !refs.includes(pinned));
  if (others.length === 0) return "replace";
  const names = others.map(({ text }) => text).join(", ");
  return talk.choose(
    `There ${others.length === 1 ? "is a fallback" : `are ${others.length} fallbacks`}${kind === "model" ? "" : " for images"} already: ${names}`,
    [
      { value: "append", label: "Keep, and put these after" },
      { value: "replace", label: "Replace" },
    ],
    { instead: INSTEAD },
  );
}

type Chosen = Readonly<Record<ChoiceKind, { readonly rows: readonly ScanRow[]; readonly how: ChosenModels["how"] }>>;

function choices({ setDefault, setImage, isForAgent }: ScanWish, chosen: Chosen): ChosenModels[] {
  const words = (kind: ChoiceKind): string[] => chosen[kind].rows.map(({ modelRef }) => modelRef);
  const all: ChosenModels[] = [
    { kind: "model", words: words("model"), how: chosen.model.how, primary: setDefault ? "first" : "kept" },
    { kind: "imageModel", words: isForAgent ? [] : words("imageModel"), how: chosen.imageModel.how, primary: setImage ? "first" : "kept" },
  ];
  return all.filter((choice) => choice.words.length > 0);
}
