import { type AliasEntry, aliasTable } from "../catalog/resolve.ts";
import type { ConfigEdit } from "../config/config-edit.ts";
import type { Planned } from "../config/planned.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError } from "../kernel/errors.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import { type ChosenModel, chosenModel, type EditFacts, resolvedText, settingsKey } from "./chosen-model.ts";
import { onlyForAll } from "./model-choice.ts";
import { changedMeanings } from "./model-uses.ts";

export interface AliasAdded {
  readonly alias: string;
  readonly chosen: ChosenModel;
  /** The alias that the model had before: it has one at a time. */
  readonly replaced: string | undefined;
  /** The models, as written, that it was taken from. */
  readonly takenFrom: readonly string[];
}

export interface AliasRemoved {
  readonly alias: string;
  /** As written. */
  readonly targets: readonly string[];
  readonly builtIn: boolean;
}

const MODELS = ["agents", "defaults", "models"] as const;
const ALLOWED = /^[A-Za-z0-9_.:-]+$/;
const LONGEST_ALIAS = 100;

/** `taken`: what to do with the model that has the alias. Throws ALIAS_INVALID, ALIAS_TAKEN, and what `chosenModel` throws. */
export function planAliasAdd(
  { alias, word, taken }: { readonly alias: string; readonly word: string; readonly taken: "refuse" | "take it" },
  facts: EditFacts,
): Planned<AliasAdded> {
  refuseAgent(facts);
  refuseInvalid(alias);
  const chosen = chosenModel(word, facts.chain);
  const key = settingsKey(chosen.text, facts) ?? chosen.text;
  const entries = namedEntries(facts);
  const current = entries.find(({ target }) => target === key);
  const rivals = entries.filter((entry) => entry.target !== key && sameWord(entry.alias, alias));
  const [rival] = rivals;
  if (rival !== undefined && taken === "refuse") throw takenAlias(rival);
  const replaced = replacedBy(alias, current);
  const told = { alias, chosen, replaced, takenFrom: rivals.map(({ target }) => target) };
  if (current?.alias === alias && rivals.length === 0) return { edits: [], facts: told, warnings: [] };
  return {
    edits: [...rivals.map(({ target }) => silenced(target)), { kind: "set", path: [...MODELS, key, "alias"], value: alias }],
    facts: told,
    warnings: [
      ...becameList(key, facts),
      ...changedMeanings(alias, chosen, facts),
      ...(replaced === undefined ? [] : changedMeanings(replaced, undefined, facts)),
    ],
  };
}

/** From every model that has it, so that the word is no alias afterwards. Throws ALIAS_UNKNOWN. */
export function planAliasRemove(alias: string, facts: EditFacts): Planned<AliasRemoved> {
  refuseAgent(facts);
  const entries = namedEntries(facts).filter((entry) => sameWord(entry.alias, alias));
  const [first] = entries;
  if (first === undefined) throw unknownAlias(alias, facts);
  return {
    edits: entries.map(({ target }) => silenced(target)),
    facts: { alias: first.alias, targets: entries.map(({ target }) => target), builtIn: first.builtIn },
    warnings: changedMeanings(alias, undefined, facts),
  };
}

/** Every entry that has an alias, also where a later one of the same name counts. */
function namedEntries({ config }: EditFacts): AliasEntry[] {
  return Object.entries(config.value.agents?.defaults?.models ?? {}).flatMap(([target, settings]) => aliasTable({ [target]: settings }).all);
}

/** The entry stays, also an empty one: without it an older agent might allow another set of models. One of the six gets its alias back unless told. */
function silenced(target: string): ConfigEdit {
  const path = [...MODELS, target, "alias"];
  const hasOneByItself = aliasTable({ [target]: {} }).all.length > 0;
  return hasOneByItself ? { kind: "set", path, value: "" } : { kind: "remove", path };
}

function sameWord(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function replacedBy(alias: string, current: AliasEntry | undefined): string | undefined {
  return current === undefined || sameWord(current.alias, alias) ? undefined : current.alias;
}

function becameList(key: string, { config }: EditFacts): string[] {
  const { agents, signalbox } = config.value;
  const keys = Object.keys(agents?.defaults?.models ?? {});
  if (keys.length === 0)
    return ["agents.defaults.models was empty. An older agent that reads this file now takes it for a list of the only models allowed beside the default one."];
  if (signalbox?.legacyAllowlist !== true || keys.includes(key)) return [];
  return [`agents.defaults.models is a list of the only models allowed (signalbox.legacyAllowlist), and ${key} is on it now.`];
}

function refuseAgent({ agents }: EditFacts): void {
  if (agents.chosenBy === "flag") throw onlyForAll("aliases belong to all agents");
}

function refuseInvalid(alias: string): void {
  if (looksSecret(alias)) throw secretRefused("ALIAS_INVALID", "an alias");
  if (ALLOWED.test(alias) && alias.length <= LONGEST_ALIAS) return;
  throw new AppError("ALIAS_INVALID", `"${alias.slice(0, LONGEST_ALIAS)}" cannot be an alias`, {
    hint: `It is made of letters, digits and _ . : - only. The alias comes first, then the model: \`{cli} models aliases add fast groq/llama-3.3-70b-versatile\`.`,
  });
}

function takenAlias({ alias, target, builtIn }: AliasEntry): AppError {
  return new AppError("ALIAS_TAKEN", `"${alias}" is ${builtIn ? "the built-in alias" : "the alias"} of ${target}`, {
    hint: "Choose another word, or take it away from there with --force.",
  });
}

function unknownAlias(alias: string, { chain }: EditFacts): AppError {
  if (looksSecret(alias)) return secretRefused("ALIAS_UNKNOWN", "an alias");
  const known = chain.aliases.all.map((entry) => entry.alias);
  const own = chain.aliases.all.find(({ target }) => target === alias.trim() || isModel(alias, target, chain));
  const list = known.length === 0 ? "There are no aliases." : "`{cli} models aliases list` shows them.";
  return new AppError("ALIAS_UNKNOWN", `no model has the alias "${alias.slice(0, LONGEST_ALIAS)}"`, {
    hint: own === undefined ? `${list}${didYouMean(alias, known)}` : `${own.target} has the alias "${own.alias}".`,
    suggestions: own === undefined ? nearest(alias, known) : [own.alias],
  });
}

function isModel(word: string, target: string, chain: EditFacts["chain"]): boolean {
  const [asked, meant] = [word.includes("/") ? resolvedText(word, chain) : undefined, resolvedText(target, chain)];
  return asked !== undefined && meant !== undefined && asked.ref.provider === meant.ref.provider && asked.ref.model === meant.ref.model;
}
