import { nearModels } from "../../../catalog/near-models.ts";
import { shownBaseUrl } from "../../../kernel/shown-address.ts";
import type { CatalogEntry } from "../../../catalog/catalog.ts";
import { endpointOf } from "../../../catalog/endpoint.ts";
import { type ModelRef, refText } from "../../../catalog/model-ref.ts";
import type { Resolution } from "../../../catalog/resolve.ts";
import { parseRef } from "../../../catalog/resolve.ts";
import { AppError, asAppError } from "../../../kernel/errors.ts";
import type { Problem } from "../../../kernel/problem.ts";
import { examine, statusFacts } from "../../../status/facts.ts";
import { placeRow } from "../../../status/place-row.ts";
import { problemRows } from "../../../status/problem-row.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { configuredModels } from "../../configured-models.ts";
import { counted } from "../../counted.ts";
import { factRows, priceStepRows } from "../../fact-rows.ts";
import { type EndpointRow, type ModelsShowReport, modelPage } from "../../model-page.ts";
import { ownList } from "../../named-model.ts";
import { answerOf } from "../../model-row.ts";

export const modelsShow = defineCommand({
  summary: "Show all that is known of one model, with sources",
  about: [
    "Every fact carries the page or package that it was read in, and the day. Where sources disagree, the one that counts comes first and the others follow.",
    "An alias, provider/model, or a model of the default provider.",
  ].join("\n\n"),
  args: [{ name: "ref", help: "an alias, or provider/model", names: "model" }],
  options: {},
  examples: [
    { run: "models show anthropic/claude-opus-4-6", does: "context, price, abilities, and where each is from" },
    { run: "models show opus --json", does: "the same for a script, by an alias" },
  ],
  run: (broker, _given, [ref = ""]) => show(broker, ref),
  human: (report, style) => modelPage(report, style),
  plain: (report) => report.facts.map(({ fact, value }) => `${fact}\t${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join("\n"),
});

function show(broker: Broker, text: string): ModelsShowReport {
  const { catalog, chain } = broker;
  const resolution = resolved(text, broker);
  const { ref } = resolution;
  const examined = examine(statusFacts(broker, 0));
  const entry = catalog().find(ref);
  if (entry === undefined) refuseUnknown(ref, broker);
  const { availability, detail } = answerOf(resolution, examined);
  const key = refText(ref);
  return {
    schemaVersion: 1,
    key,
    provider: ref.provider,
    model: ref.model,
    name: entry?.spec.name ?? ref.model,
    via: resolution.via,
    alias: resolution.alias?.alias ?? null,
    pinnedProfile: resolution.profile ?? null,
    ...known(entry),
    endpoint: endpointRow(ref, entry, broker),
    availability,
    availabilityDetail: detail,
    aliases: chain()
      .aliases.all.filter(({ target }) => leadsTo(target, key, broker))
      .map(({ alias }) => alias),
    tags: (configuredModels(examined).models.get(key)?.tags ?? []).filter((tag) => !tag.startsWith("alias:")),
    problems: problemRows([...unlisted(ref, entry, broker), ...problemsOf(ref, broker)]),
  };
}

function known(entry: CatalogEntry | undefined): Pick<ModelsShowReport, "knows" | "origin" | "place" | "facts" | "conflicts" | "priceSteps"> {
  const facts = entry === undefined ? [] : factRows(entry);
  return {
    knows: entry?.knows ?? "nothing",
    origin: entry?.origin ?? null,
    place: placeRow(entry?.place),
    facts,
    conflicts: facts.filter(({ others }) => others.length > 0).map(({ fact }) => fact),
    priceSteps: priceStepRows(entry),
  };
}

/** As the chain resolves; a provider that only the catalogue knows can be shown as well, though nothing can be asked of it. */
function resolved(text: string, { chain, registry, catalog }: Broker): Resolution {
  try {
    return chain().resolve(text);
  } catch (thrown) {
    const ref = parseRef(text, registry());
    const isListed =
      asAppError(thrown).code === "PROVIDER_UNKNOWN" &&
      ref !== undefined &&
      catalog()
        .providers()
        .some(({ id }) => id === ref.provider);
    if (!isListed) throw thrown;
    return { ref: { provider: ref.provider, model: ref.model }, via: "reference" };
  }
}

/** A provider with a list that lacks the model. New models and servers of one's own are no error. */
function refuseUnknown(ref: ModelRef, { catalog, registry }: Broker): void {
  const listed = catalog()
    .models(ref.provider)
    .map(({ spec }) => spec.id);
  if (listed.length === 0 || registry().get(ref.provider)?.isLocal === true) return;
  const near = nearModels(ref.model, listed);
  const suggestions = near.map((model) => `${ref.provider}/${model}`);
  const meant = suggestions.length === 0 ? "" : `Did you mean ${suggestions.join(" or ")}? `;
  throw new AppError("MODEL_UNKNOWN", `none of the ${counted(listed.length, "model")} known of ${ref.provider} is called "${ref.model}"`, {
    hint: `${meant}It may be newer than the catalogue: \`{cli} models refresh\` brings the newest, and an unknown model can be used all the same.`,
    suggestions,
  });
}

function endpointRow(ref: ModelRef, entry: CatalogEntry | undefined, { registry }: Broker): EndpointRow {
  const registered = registry().get(ref.provider);
  const provider = registered?.provider;
  const { protocol, baseUrl } = provider === undefined ? (entry?.spec ?? {}) : endpointOf(provider, entry);
  return {
    label: provider?.label ?? null,
    protocol: protocol ?? null,
    baseUrl: shownBaseUrl(baseUrl),
    local: registered?.isLocal ?? null,
    docs: provider === undefined || provider.docs === "" ? null : provider.docs,
    auth: (provider?.auth ?? []).map((method) => ({ kind: method.kind, label: method.label, env: "env" in method ? [...method.env] : [] })),
  };
}

function leadsTo(target: string, key: string, { chain }: Broker): boolean {
  try {
    return refText(chain().resolve(target).ref) === key;
  } catch {
    return false;
  }
}

/** Those of the provider, of its accounts and of the lists that were read for it. Another provider may have this one's name within its own. */
function problemsOf({ provider }: ModelRef, { registry, credentials, catalog }: Broker): Problem[] {
  const accounts = new Set<string>(credentials().profiles.flatMap((profile) => (profile.provider === provider ? [profile.id] : [])));
  const isOwn = ({ subject }: Problem): boolean =>
    subject === provider || subject === `provider ${provider}` || subject.startsWith(`${provider}:`) || accounts.has(subject);
  return [...[...registry().problems, ...credentials().problems].filter(isOwn), ...catalog().problems];
}

/** A server of one's own may answer for more than its list has; but a slip looks the same. */
function unlisted(ref: ModelRef, entry: CatalogEntry | undefined, { catalog, registry }: Broker): Problem[] {
  if (entry !== undefined) return [];
  const listed = ownList(catalog(), ref.provider, registry()).map(({ spec }) => spec.id);
  if (listed.length === 0) return [];
  const message = `none of the ${listed.length} models that are listed of ${ref.provider} is called "${ref.model}"`;
  const near = nearModels(ref.model, listed).map((model) => `${ref.provider}/${model}`);
  const meant = near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `;
  return [{ code: "MODEL_UNKNOWN", severity: "warning", subject: refText(ref), message, hint: `${meant}It is asked for as it is written.` }];
}
