import type { ConfigEdit } from "../config/config-edit.ts";
import type { Planned } from "../config/planned.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError } from "../kernel/errors.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import { type ChosenModel, chosenModel, type EditFacts, pinnedText, resolvedText } from "./chosen-model.ts";
import { type FallbackFacts, type FallbackItem, type FallbackList, factsOf, fallbackList, ownListWarning, positionOf, rewritten } from "./fallback-list.ts";
import type { ChoiceKind } from "./model-choice.ts";
import { keptUsable, refuseKeptOut } from "./model-settings.ts";

export interface FallbackAdded extends FallbackFacts {
  readonly chosen: ChosenModel;
  /** From 1. */
  readonly position: number;
}

export interface FallbacksRemoved extends FallbackFacts {
  /** As they were written. */
  readonly removed: readonly string[];
}

export interface FallbackMoved extends FallbackFacts {
  readonly moved: string;
  /** From 1. */
  readonly from: number;
  readonly to: number;
}

/** At the end, or at position `at`, counted from 1. One that is there already stays where it is. */
export function planFallbackAdd(kind: ChoiceKind, { word, at }: { readonly word: string; readonly at?: number }, facts: EditFacts): Planned<FallbackAdded> {
  const list = fallbackList(kind, facts);
  const chosen = chosenModel(word, facts.chain);
  const texts = list.items.map(({ text }) => text);
  const position = at ?? texts.length + 1;
  refusePosition(position, texts.length + 1, "--at");
  const known = positionOf(list, chosen.text);
  if (known >= 0) return { edits: [], facts: { ...factsOf(list, texts, "nothing"), chosen, position: known + 1 }, warnings: [] };
  refuseKeptOut(chosen, facts);
  return {
    edits: [...added(list, chosen.text, position, facts), ...keptUsable(chosen, facts)],
    facts: { ...factsOf(list, texts.toSpliced(position - 1, 0, chosen.text), "changed"), chosen, position },
    warnings: [...isPrimary(kind, chosen, facts), ...ownListWarning(list, facts)],
  };
}

function added(list: FallbackList, text: string, position: number, facts: EditFacts): ConfigEdit[] {
  const { source, choice, written, items } = list;
  const index = items[position - 1]?.index ?? written.length;
  if (source !== "own") return rewritten(list, [...written].toSpliced(index, 0, textItem(text)), facts);
  return [{ kind: "insert", path: [...choice.path, "fallbacks"], index, value: text }];
}

function textItem(text: string): { readonly index: number; readonly text: string; readonly copy: string } {
  return { index: -1, text, copy: text };
}

function isPrimary(kind: ChoiceKind, { text }: ChosenModel, { chain }: EditFacts): string[] {
  const role = kind === "model" ? "default" : "image";
  const primary = chain.entries.find((entry) => entry.role === role)?.resolution;
  if (primary === undefined || pinnedText(primary) !== text) return [];
  return [`${text} is the ${role} model itself: as its own fallback it answers nothing that it did not answer before.`];
}

/** Every entry of that model; with `@profile` only those with that account. Also by the very text, for one that leads nowhere. */
export function planFallbackRemove(kind: ChoiceKind, word: string, facts: EditFacts): Planned<FallbacksRemoved> {
  const list = fallbackList(kind, facts);
  const gone = new Set(meant(list, word, facts));
  if (gone.size === 0) throw unknownFallback(list, word);
  const left = list.items.filter((item) => !gone.has(item)).map(({ text }) => text);
  const removed = [...gone].map(({ text }) => text);
  return { edits: removals(list, [...gone], facts), facts: { ...factsOf(list, left, "changed"), removed }, warnings: ownListWarning(list, facts) };
}

/** The last one first, so that no removal moves another. */
function removals(list: FallbackList, gone: readonly FallbackItem[], facts: EditFacts): ConfigEdit[] {
  const indexes = new Set(gone.map(({ index }) => index));
  if (list.source !== "own")
    return rewritten(
      list,
      list.written.filter(({ index }) => !indexes.has(index)),
      facts,
    );
  return [...indexes].sort((a, b) => b - a).map((index) => ({ kind: "remove", path: [...list.choice.path, "fallbacks", index] }));
}

/** To position `to`, counted from 1. */
export function planFallbackMove(kind: ChoiceKind, { word, to }: { readonly word: string; readonly to: number }, facts: EditFacts): Planned<FallbackMoved> {
  const list = fallbackList(kind, facts);
  const item = theOneMeant(list, word, facts);
  refusePosition(to, list.items.length, "the position");
  const from = list.items.indexOf(item);
  const texts = list.items.map(({ text }) => text);
  const told = { moved: item.text, from: from + 1, to };
  if (from === to - 1) return { edits: [], facts: { ...factsOf(list, texts, "nothing"), ...told }, warnings: [] };
  const order = texts.toSpliced(from, 1).toSpliced(to - 1, 0, item.text);
  return { edits: moves(list, item, to, facts), facts: { ...factsOf(list, order, "changed"), ...told }, warnings: ownListWarning(list, facts) };
}

/** With several accounts of one model in the list, the word has to say which. */
function theOneMeant(list: FallbackList, word: string, facts: EditFacts): FallbackItem {
  const found = meant(list, word, facts);
  const [first] = found;
  if (first === undefined) throw unknownFallback(list, word);
  const exact = found.find(({ pinned, key }) => pinned === key) ?? found.find(({ text }) => text.trim() === word.trim());
  if (exact !== undefined || new Set(found.map(({ pinned }) => pinned)).size === 1) return exact ?? first;
  throw new AppError("USAGE", `${found.length} fallbacks are ${first.key ?? first.text}`, {
    hint: `Say which one, with its account: ${found.map(({ pinned, text }) => pinned ?? text).join(" or ")}.`,
  });
}

function moves(list: FallbackList, item: FallbackItem, to: number, facts: EditFacts): ConfigEdit[] {
  const { written, items, choice, source } = list;
  const target = items[to - 1]?.index ?? item.index;
  if (source === "own") return [{ kind: "move", path: [...choice.path, "fallbacks"], from: item.index, to: target }];
  const moved = written.filter(({ index }) => index === item.index);
  return rewritten(list, [...written].toSpliced(item.index, 1).toSpliced(target, 0, ...moved), facts);
}

/** An agent's empty list turns the common one off. */
export function planFallbackClear(kind: ChoiceKind, facts: EditFacts): Planned<FallbacksRemoved> {
  const list = fallbackList(kind, facts);
  const removed = list.items.map(({ text }) => text);
  const isEmpty = list.source === "none" || (list.source === "own" && list.written.length === 0);
  if (isEmpty) return { edits: [], facts: { ...factsOf(list, [], "nothing"), removed }, warnings: [] };
  return { edits: rewritten(list, [], facts), facts: { ...factsOf(list, [], "changed"), removed }, warnings: ownListWarning(list, facts) };
}

function meant({ items }: FallbackList, word: string, { chain }: EditFacts): FallbackItem[] {
  const verbatim = items.filter(({ text }) => text.trim() === word.trim());
  const resolution = resolvedText(word, chain);
  if (resolution === undefined) return verbatim;
  const pinned = pinnedText(resolution);
  const same = items.filter((item) => (resolution.profile === undefined ? item.key === pinned : item.pinned === pinned));
  return same.length > 0 ? same : verbatim;
}

function unknownFallback({ items }: FallbackList, word: string): AppError {
  if (looksSecret(word)) return secretRefused("FALLBACK_UNKNOWN", "a model");
  const known = [...new Set(items.flatMap(({ text, pinned }) => [text, ...(pinned === undefined ? [] : [pinned])]))];
  const list = items.length === 0 ? "The list is empty." : `The list: ${items.map(({ text }) => text).join(", ")}.`;
  return new AppError("FALLBACK_UNKNOWN", `"${word.slice(0, 100)}" is not among the fallbacks`, {
    hint: `${list}${didYouMean(word, known)}`,
    suggestions: nearest(word, known),
  });
}

function refusePosition(position: number, most: number, what: string): void {
  if (position >= 1 && position <= most) return;
  const range = most === 1 ? "only 1 is possible" : `possible are 1 to ${most}`;
  throw new AppError("USAGE", `${what} ${position} is outside the list: ${range}`, { hint: "Positions are counted from 1: the fallback that is asked first." });
}
