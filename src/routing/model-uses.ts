import type { Resolution } from "../catalog/resolve.ts";
import { keyPathText } from "../config/key-path.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { writtenAgents, writtenTexts } from "../config/written-text.ts";
import { isObject } from "../kernel/json-value.ts";
import { type ChosenModel, type EditFacts, pinnedText, resolvedText } from "./chosen-model.ts";

/** A place of the config that names a model. */
interface ModelUse {
  readonly path: KeyPath;
  readonly text: string;
}

const MOST_SHOWN = 5;

/** Places of the config that say `alias` and mean another model once it is the word for `chosen`, or for nothing: a sentence each. */
export function changedMeanings(alias: string, chosen: ChosenModel | undefined, { config, chain }: EditFacts): string[] {
  const word = alias.trim().toLowerCase();
  const sentences = modelUses(config).flatMap(({ path, text }) => {
    const resolution = text.trim().toLowerCase() === word ? resolvedText(text, chain) : undefined;
    if (resolution === undefined || pinnedText(resolution) === chosen?.text) return [];
    return [`${keyPathText(path)} says "${text.trim()}", which ${change(resolution, chosen)}.`];
  });
  const more = sentences.length - MOST_SHOWN;
  return more > 0 ? [...sentences.slice(0, MOST_SHOWN), `${more} more places of the config say "${alias}".`] : sentences;
}

function change(before: Resolution, chosen: ChosenModel | undefined): string {
  if (chosen === undefined) return `is no alias any more: write ${pinnedText(before)} there`;
  return before.via === "alias" ? `meant ${pinnedText(before)} and means ${chosen.text} now` : `was a model's own name and means ${chosen.text} now`;
}

/** Of all agents, in the order in which people think of them. */
function modelUses(config: LoadedConfig): ModelUse[] {
  const agents = writtenAgents(config).map((_, index): KeyPath => ["agents", "list", index]);
  const choices: KeyPath[] = [
    ["agents", "defaults", "model"],
    ["agents", "defaults", "imageModel"],
    ...agents.map((path) => [...path, "model"]),
    ...agents.map((path) => [...path, "subagents", "model"]),
  ];
  const lists: KeyPath[] = [
    ["agents", "defaults", "modelPolicy", "allow"],
    ["signalbox", "routing", "contentPolicyFallbacks"],
    ["signalbox", "routing", "formatFallbacks"],
  ];
  return [...choices.flatMap((path) => usesOf(path, config)), ...lists.flatMap((path) => textsAt(path, config)), ...clientNames(config)];
}

function usesOf(path: KeyPath, config: LoadedConfig): ModelUse[] {
  const primary = config.show([...path, "primary"])?.value;
  return [...(typeof primary === "string" ? [{ path: [...path, "primary"], text: primary }] : []), ...textsAt([...path, "fallbacks"], config)];
}

/** What the bare names of clients mean. There `default` is the chain, whatever alias is called so. */
function clientNames(config: LoadedConfig): ModelUse[] {
  const path = ["gateway", "modelNames"];
  const names = config.show(path)?.value;
  if (!isObject(names)) return [];
  return Object.entries(names).flatMap(([name, text]) => (typeof text === "string" && text !== "default" ? [{ path: [...path, name], text }] : []));
}

function textsAt(path: KeyPath, config: LoadedConfig): ModelUse[] {
  return (writtenTexts(config, path) ?? []).flatMap(({ text, index }) => (text === undefined ? [] : [{ path: [...path, index], text }]));
}
