import { planFallbackAdd, planFallbackClear, planFallbackMove, planFallbackRemove } from "../../../routing/fallback-edits.ts";
import type { ChoiceKind } from "../../../routing/model-choice.ts";
import { AppError } from "../../../kernel/errors.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { type FallbacksEdited, fallbacksEdited, listLines } from "../../fallback-lines.ts";
import { refuseMistake, warnOfUnlisted } from "../../named-model.ts";
import type { Option } from "../../option.ts";
import { editFacts, plannedEdit } from "../../planned-edit.ts";

export interface ModelsFallbacksAddReport extends EditReport, FallbacksEdited {
  /** provider/model, with @account where one is pinned. */
  added: string;
  /** Where it is in the list now, or was already, from 1. */
  position: number;
}

export interface ModelsFallbacksRemoveReport extends EditReport, FallbacksEdited {
  /** As they were written. */
  removed: string[];
}

export interface ModelsFallbacksMoveReport extends EditReport, FallbacksEdited {
  /** As it is written. */
  moved: string;
  /** From 1. */
  from: number;
  to: number;
}

const GROUP = { model: "models fallbacks", imageModel: "models image-fallbacks" } as const;
const ONE = { model: "a fallback model", imageModel: "a fallback model for images" } as const;
const OWN = {
  model: "With --agent the agent gets a list of its own, which begins as what it used before.",
  imageModel: "Agents have no image fallbacks of their own.",
} as const;
const MODEL = { name: "model", help: "provider/model, or an alias", names: "model" } as const;
const LISTED = { model: { ...MODEL, names: "fallback" }, imageModel: { ...MODEL, names: "image-fallback" } } as const;

export const modelsFallbacksAdd = addCommand("model");
export const modelsImageFallbacksAdd = addCommand("imageModel");
export const modelsFallbacksRemove = removeCommand("model");
export const modelsImageFallbacksRemove = removeCommand("imageModel");
export const modelsFallbacksClear = clearCommand("model");
export const modelsImageFallbacksClear = clearCommand("imageModel");
export const modelsFallbacksMove = moveCommand("model");
export const modelsImageFallbacksMove = moveCommand("imageModel");

function addCommand(kind: ChoiceKind) {
  const command = `${GROUP[kind]} add`;
  return defineCommand({
    summary: `Add ${ONE[kind]}`,
    about: `It is asked after those before it. One that is there already stays where it is: \`${GROUP[kind]} move\` moves it. ${OWN[kind]}`,
    args: [MODEL],
    rooms: [],
    options: { at: position("put it there, counted from 1, and not at the end"), ...editOptions },
    examples: [
      { run: `${command} groq/llama-3.3-70b-versatile`, does: "asked last" },
      { run: `${command} fast --at 1`, does: "what the alias stands for, asked first" },
    ],
    run: async (broker, { at, dryRun }, [word = ""], talk): Promise<ModelsFallbacksAddReport> => {
      await refuseMistake(word, broker);
      const wanted = { word, ...(at !== undefined && { at }) };
      const edit = await plannedEdit({ broker, talk, command, dryRun }, (view) => planFallbackAdd(kind, wanted, editFacts(view)));
      const { chosen, position: place } = edit.facts;
      if (edit.report.outcome !== "unchanged") await warnOfUnlisted(chosen, edit.before, { broker, talk });
      return { ...edit.report, ...fallbacksEdited(kind, edit.facts), added: chosen.text, position: place };
    },
    human: (report, style) => {
      const stays = [`${style.accent(report.added)} is fallback ${report.position} already.`, ...listLines(report, style)].join("\n");
      return editLines(report, { says: listLines(report, style), stays }, style);
    },
  });
}

function removeCommand(kind: ChoiceKind) {
  const command = `${GROUP[kind]} remove`;
  return defineCommand({
    summary: `Remove ${ONE[kind]}`,
    about: `Every entry of that model goes; written with @account, only those with that account. One that leads nowhere is named as it is written. ${OWN[kind]}`,
    args: [LISTED[kind]],
    rooms: [],
    options: editOptions,
    examples: [{ run: `${command} groq/llama-3.3-70b-versatile`, does: "the others stay in their order" }],
    run: async (broker, { dryRun }, [word = ""], talk): Promise<ModelsFallbacksRemoveReport> => {
      const { report, facts } = await plannedEdit({ broker, talk, command, dryRun }, (view) => planFallbackRemove(kind, word, editFacts(view)));
      return { ...report, ...fallbacksEdited(kind, facts), removed: [...facts.removed] };
    },
    human: (report, style) => {
      const says = [`Removed ${report.removed.join(", ")}`, ...listLines(report, style)];
      return editLines(report, { says, stays: says.join("\n") }, style);
    },
  });
}

function clearCommand(kind: ChoiceKind) {
  const command = `${GROUP[kind]} clear`;
  return defineCommand({
    summary: `Remove every ${ONE[kind].slice(2)}`,
    about: kind === "model" ? "With --agent the agent gets an empty list of its own, which turns the common one off for it." : OWN[kind],
    args: [],
    rooms: [],
    options: editOptions,
    examples: [
      { run: command, does: "nothing answers in place of the model" },
      { run: `${command} --dry-run`, does: "what would change" },
    ],
    run: async (broker, { dryRun }, _args, talk): Promise<ModelsFallbacksRemoveReport> => {
      const { report, facts } = await plannedEdit({ broker, talk, command, dryRun }, (view) => planFallbackClear(kind, editFacts(view)));
      return { ...report, ...fallbacksEdited(kind, facts), removed: [...facts.removed] };
    },
    human: (report, style) => editLines(report, { says: listLines(report, style), stays: listLines(report, style).join("\n") }, style),
  });
}

function moveCommand(kind: ChoiceKind) {
  const command = `${GROUP[kind]} move`;
  return defineCommand({
    summary: `Move ${ONE[kind]} to another position`,
    about: OWN[kind],
    args: [LISTED[kind], { name: "position", help: "counted from 1: the one that is asked first" }],
    rooms: [],
    options: editOptions,
    examples: [{ run: `${command} fast 1`, does: "asked first" }],
    run: async (broker, { dryRun }, [word = "", to = ""], talk): Promise<ModelsFallbacksMoveReport> => {
      const wanted = { word, to: wholePosition(to, "the position") };
      const { report, facts } = await plannedEdit({ broker, talk, command, dryRun }, (view) => planFallbackMove(kind, wanted, editFacts(view)));
      return { ...report, ...fallbacksEdited(kind, facts), moved: facts.moved, from: facts.from, to: facts.to };
    },
    human: (report, style) => {
      const stays = [`${style.accent(report.moved)} is fallback ${report.to} already.`, ...listLines(report, style)].join("\n");
      return editLines(report, { says: listLines(report, style), stays }, style);
    },
  });
}

function position(help: string): Option<number | undefined> {
  return { takes: "one", placeholder: "<n>", help, default: undefined, parse: (texts, flag) => wholePosition(texts.at(-1) ?? "", flag) };
}

function wholePosition(text: string, what: string): number {
  if (/^[1-9]\d{0,5}$/.test(text.trim())) return Number(text);
  throw new AppError("USAGE", `${what} is a whole number from 1; "${text.slice(0, 100)}" is none`, { hint: "1 is the fallback that is asked first." });
}
