import type { Glance } from "../catalog/catalog.ts";
import { refText } from "../catalog/model-ref.ts";
import { unknownProvider } from "../catalog/resolve.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import type { Generation } from "../gateway/generation.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { rememberedBy } from "../kernel/remember.ts";
import type { Provider } from "../provider/provider.ts";
import type { Chain, ChainRole } from "../routing/chain.ts";
import { unfitProvider } from "../routing/fitness.ts";
import { examine, hasCredential, statusFacts } from "../status/facts.ts";
import { checkFields, type Shape } from "./given-value.ts";

/** Which models; everything that is named has to hold. A model of which an asked fact is not known does not match. */
export interface ModelFilter {
  /** `usable`: of providers that have an account here, or need none. `chain`: the default, its fallbacks, the image models. `all`: every one that is known. */
  readonly scope?: "usable" | "chain" | "all";
  readonly provider?: string;
  /** All these words are in its reference or name. */
  readonly search?: string;
  readonly tools?: boolean;
  readonly images?: boolean;
  readonly reasoning?: boolean;
  /** Its source says that it costs nothing. */
  readonly free?: boolean;
  readonly minContextTokens?: number;
}

/** One model; a fact that nobody states is null. */
export interface ModelEntry extends Glance {
  /** "provider/model". */
  readonly ref: string;
  readonly provider: string;
  /** Its place in the agent's chain. */
  readonly role: ChainRole | null;
  readonly aliases: readonly string[];
  /** There is an account that could ask it, or none is needed. From files alone: a revoked key still counts. */
  readonly usable: boolean;
}

const FILTER: Readonly<Record<string, Shape>> = {
  scope: ["usable", "chain", "all"],
  provider: "a text",
  search: "a text",
  tools: "true or false",
  images: "true or false",
  reasoning: "true or false",
  free: "true or false",
  minContextTokens: "a number",
};

/** Throws PROVIDER_UNKNOWN, REQUEST_INVALID. */
export function models({ broker }: Generation, filter: ModelFilter = {}): ModelEntry[] {
  checkFields(filter, FILTER, "the filter");
  const facts = statusFacts(broker);
  const registry = broker.registry();
  const catalog = broker.catalog();
  const examined = examine({ ...facts, credentials: withOwnStandings(facts.credentials) });
  const isUsable = rememberedBy((id: ProviderId) => answersChat(registry.get(id)?.provider) && hasCredential(id, examined));
  const { scope = "usable", provider: named } = filter;
  const only = named === undefined ? undefined : registry.idOf(named);
  const providers = catalog.providers().map(({ id }) => id);
  if (only !== undefined && registry.get(only) === undefined && !providers.includes(only)) throw unknownProvider(named ?? "", registry);
  const roles = new Map(facts.chain.entries.flatMap(({ role, resolution }) => (resolution === undefined ? [] : [[refText(resolution.ref), role] as const])));
  const aliases = aliasesByRef(facts.chain);
  const asked = providers.filter((id) => (only === undefined || id === only) && (scope !== "usable" || isUsable(id)));
  const entries = asked.flatMap((provider) =>
    catalog.glances(provider, "facts").map((glance): ModelEntry => {
      const ref = `${provider}/${glance.id}`;
      return { ...glance, ref, provider, role: roles.get(ref) ?? null, aliases: aliases.get(ref) ?? [], usable: isUsable(provider) };
    }),
  );
  return entries.filter((entry) => (scope !== "chain" || entry.role !== null) && matches(entry, filter));
}

/** A login that another program keeps is none that a call could be made with. */
function withOwnStandings(credentials: CredentialFacts): CredentialFacts {
  const standingOf: CredentialFacts["standingOf"] = (id) => {
    const standing = credentials.standingOf(id);
    return standing?.kind === "delegated" ? undefined : standing;
  };
  return { ...credentials, standingOf };
}

function answersChat(provider: Provider | undefined): boolean {
  return provider === undefined || (provider.serves === undefined && unfitProvider(provider) === undefined);
}

/** An alias that leads nowhere is no model's. */
function aliasesByRef({ aliases, resolve }: Chain): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { alias } of aliases.all) {
    try {
      const ref = refText(resolve(alias).ref);
      found.set(ref, [...(found.get(ref) ?? []), alias]);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
    }
  }
  return found;
}

function matches(entry: ModelEntry, { search = "", tools, images, reasoning, free, minContextTokens }: ModelFilter): boolean {
  const text = `${entry.ref} ${entry.name}`.toLowerCase();
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const costs = entry.usdPerMTok;
  return (
    words.every((word) => text.includes(word)) &&
    (tools === undefined || entry.tools === tools) &&
    (images === undefined || entry.input?.includes("image") === images) &&
    (reasoning === undefined || entry.reasoning === reasoning) &&
    (free === undefined || (costs !== null && costs.input === 0 && costs.output === 0) === free) &&
    (minContextTokens === undefined || (entry.contextTokens ?? 0) >= minContextTokens)
  );
}
