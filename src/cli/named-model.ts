import type { Broker, ConfigView } from "../broker.ts";
import type { Catalog, CatalogEntry } from "../catalog/catalog.ts";
import { nearModels } from "../catalog/near-models.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type ChosenModel, chosenModel, isInUse } from "../routing/chosen-model.ts";
import { editFacts } from "./planned-edit.ts";
import type { Talk } from "./talk.ts";

/** Throws PROFILE_UNKNOWN when the word pins an account that the model's provider does not have. Accounts are read only for a word with an `@`. */
export async function refuseUnknownPin(word: string, broker: Broker): Promise<void> {
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
  const { registry, config, chain } = facts;
  if (isInUse(chosen, facts)) return;
  const { openCatalog } = await import("../catalog/open-catalog.ts");
  const catalog = openCatalog({ host: broker.host, registry, stateDir: config.stateDir });
  if (catalog.find(ref) !== undefined) return;
  const listed = ownList(catalog, ref.provider, registry).map(({ spec }) => spec.id);
  if (listed.length === 0) return;
  const aliases = resolution.via === "reference" ? [] : chain.aliases.all.map(({ alias }) => alias);
  const near = [...nearest(ref.model, aliases), ...nearModels(ref.model, listed).map((model) => `${ref.provider}/${model}`)];
  const meant = near.length === 0 ? "" : ` Did you mean ${near.slice(0, 3).join(" or ")}?`;
  talk.warn(`${key} is used as it is, but is none of the ${listed.length} models that are known of ${ref.provider}.${meant}`);
}

/** What a list says of a provider. Of a server of one's own only the person's own list tells: what it serves is in no catalogue. */
export function ownList(catalog: Pick<Catalog, "models">, provider: ProviderId, registry: Pick<ProviderRegistry, "get">): readonly CatalogEntry[] {
  const models = catalog.models(provider);
  if (registry.get(provider)?.isLocal !== true) return models;
  return models.filter(({ origin }) => origin !== "embedded" && origin !== "refreshed");
}
