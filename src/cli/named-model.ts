import type { Broker, ConfigView } from "../broker.ts";
import type { Catalog, CatalogEntry } from "../catalog/catalog.ts";
import { nearModels } from "../catalog/near-models.ts";
import { type AliasTable, aliasTable } from "../catalog/resolve.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { Chain } from "../routing/chain.ts";
import { type ChosenModel, chosenModel, isInUse } from "../routing/chosen-model.ts";
import { counted } from "./counted.ts";
import { editFacts } from "./planned-edit.ts";
import type { Talk } from "./talk.ts";

/**
 * Throws PROFILE_UNKNOWN when the word pins an account that the model's provider does not have, and MODEL_REF_INVALID when it is a name that stands for
 * a model elsewhere, and for none here. Accounts are read only for a word with an `@`, the catalogue only for one without a slash that is no alias.
 */
export async function refuseMistake(word: string, broker: Broker): Promise<void> {
  await refuseUnknownPin(word, broker);
  await refuseMissingAlias(word, broker);
}

async function refuseMissingAlias(word: string, broker: Broker): Promise<void> {
  if (word.includes("/")) return;
  const chosen = chosenModel(word, broker.chain());
  const { resolution, ref, key } = chosen;
  if (resolution.via !== "default-provider" || isInUse(chosen, editFacts(broker))) return;
  const catalog = await catalogOf(broker);
  if (catalog.find(ref) !== undefined || ownList(catalog, ref.provider, broker.registry()).length === 0) return;
  const usual = usualAliases(catalog).find(ref.model);
  if (usual === undefined) return;
  throw new AppError("MODEL_REF_INVALID", `"${usual.alias}" is no alias here, and no model known of ${ref.provider}`, {
    hint: `It usually means ${usual.target}: give that, or \`{cli} models aliases add ${usual.alias} ${usual.target}\` first. A model of that name is written ${key}.`,
    suggestions: [usual.target],
  });
}

/** The words that models of the catalogue are given when they are in `agents.defaults.models`. Reads all of it. */
function usualAliases(catalog: Catalog): AliasTable {
  const refs = catalog.providers().flatMap(({ id }) => catalog.glances(id, "facts").map((model) => `${id}/${model.id}`));
  return aliasTable(Object.fromEntries(refs.map((ref) => [ref, {}])));
}

async function catalogOf(view: ConfigView & Pick<Broker, "host">): Promise<Catalog> {
  const { openCatalog } = await import("../catalog/open-catalog.ts");
  return openCatalog({ host: view.host, registry: view.registry(), stateDir: view.config().stateDir });
}

async function refuseUnknownPin(word: string, broker: Broker): Promise<void> {
  if (!word.includes("@")) return;
  const { resolution, ref } = chosenModel(word, broker.chain());
  if (resolution.profile === undefined) return;
  const { host, names, config, agents, registry } = broker;
  const { collectCredentials } = await import("../credentials/collect.ts");
  const { profiles } = collectCredentials({ host, names, config: config(), agents: agents(), registry: registry() });
  const found = profiles.find(({ id }) => id === resolution.profile);
  if (found?.provider === ref.provider) return;
  if (found === undefined && looksSecret(resolution.profile)) throw secretRefused("PROFILE_UNKNOWN", "the id of an account");
  const known = profiles.filter(({ provider }) => provider === ref.provider).map(({ id }) => id);
  const message =
    found === undefined ? `there is no account "${resolution.profile}"` : `the account ${found.id} is one of ${found.provider}, not of ${ref.provider}`;
  const list = known.length === 0 ? `No account of ${ref.provider} was found.` : `Accounts of ${ref.provider}: ${known.join(", ")}.`;
  throw new AppError("PROFILE_UNKNOWN", message, { hint: `${list}${didYouMean(resolution.profile, known)}`, suggestions: nearest(resolution.profile, known) });
}

/** Where the provider's list lacks the model: it is used as written, but may be a slip. The catalogue is opened only for a model that was not in use before. */
export async function warnOfUnlisted(chosen: ChosenModel, view: ConfigView, { broker, talk }: { readonly broker: Broker; readonly talk: Talk }): Promise<void> {
  const { ref, key, resolution } = chosen;
  const facts = editFacts(view);
  const { registry, chain } = facts;
  if (isInUse(chosen, facts)) return;
  const catalog = await catalogOf({ ...view, host: broker.host });
  if (catalog.find(ref) !== undefined) return;
  const listed = ownList(catalog, ref.provider, registry).map(({ spec }) => spec.id);
  if (listed.length === 0) return;
  const near = [
    ...(resolution.via === "reference" ? [] : nearAliases(ref.model, chain, catalog)),
    ...nearModels(ref.model, listed).map((model) => `${ref.provider}/${model}`),
  ];
  const meant = near.length === 0 ? "" : ` Did you mean ${near.slice(0, 3).join(" or ")}?`;
  talk.warn(`${key} is used as it is, but is none of the ${counted(listed.length, "model")} known of ${ref.provider}.${meant}`);
}

/** Those that are there, else the models that the usual ones stand for. */
function nearAliases(word: string, { aliases }: Pick<Chain, "aliases">, catalog: Catalog): string[] {
  const own = nearest(
    word,
    aliases.all.map(({ alias }) => alias),
  );
  if (own.length > 0) return [...own];
  const usual = usualAliases(catalog);
  const names = usual.all.map(({ alias }) => alias);
  return nearest(word, names).flatMap((name) => usual.find(name)?.target ?? []);
}

/** What a list says of a provider. Of a server of one's own only the person's own list tells: what it serves is in no catalogue. */
export function ownList(catalog: Pick<Catalog, "models">, provider: ProviderId, registry: Pick<ProviderRegistry, "get">): readonly CatalogEntry[] {
  const models = catalog.models(provider);
  if (registry.get(provider)?.isLocal !== true) return models;
  return models.filter(({ origin }) => origin !== "embedded" && origin !== "refreshed");
}
