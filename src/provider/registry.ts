import { type ProviderId, toProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import { isLocal } from "./local-address.ts";
import type { Provider } from "./provider.ts";
import { layOver, ownProvider, type ProviderLayer } from "./provider-layer.ts";

/** Who defined a provider: us, a plugin, or the user. */
export type ProviderOrigin =
  | { readonly kind: "built-in" }
  | { readonly kind: "plugin"; readonly pluginId: string }
  | { readonly kind: "config"; readonly place: Place | undefined }
  | { readonly kind: "models.json"; readonly file: string };

/** A provider entry as a config, a models.json or a plugin defines it: over a built-in one, or a new one. */
export interface CustomProvider extends ProviderLayer {
  readonly origin: ProviderOrigin;
}

export interface RegisteredProvider {
  readonly provider: Provider;
  readonly origin: ProviderOrigin;
  /** The entries laid over it, or that it is made of, strongest first: config, then models.json, then plugins. */
  readonly custom: readonly CustomProvider[];
  /** The base URL leads to this machine or its private network, or the provider is a local server by nature. */
  readonly isLocal: boolean;
}

/** All providers as one value. An id is exact first, then an alias. */
export interface ProviderRegistry {
  readonly all: readonly RegisteredProvider[];
  readonly problems: readonly Problem[];
  /** Normalises what a person or a file wrote: trimmed, lower case, aliases resolved. An unknown id comes back as it is. */
  idOf(text: string): ProviderId;
  get(id: ProviderId): RegisteredProvider | undefined;
}

const STRENGTH: Readonly<Record<ProviderOrigin["kind"], number>> = { config: 0, "models.json": 1, plugin: 2, "built-in": 3 };

/**
 * Built-in vendors in their order, then the new ones of `custom` in theirs. `problems` of who read the entries come first.
 * A new provider's name counts before an alias: `models.providers.qwen` is its own, though `qwen` else means `qwen-portal`.
 */
export function createRegistry(builtin: readonly Provider[], custom: readonly CustomProvider[], problems: readonly Problem[] = []): ProviderRegistry {
  const layers = layersById(custom);
  const found: Problem[] = [...problems];
  const byId = new Map<ProviderId, RegisteredProvider>();
  for (const provider of builtin) {
    const id = toProviderId(provider.id);
    if (byId.has(id)) found.push(duplicate(`provider ${id}`, `two built-in providers have the id "${id}"; the first counts`));
    else byId.set(id, registered(provider, { kind: "built-in" }, layers.get(id) ?? NONE));
  }
  for (const [id, entries] of layers) {
    const [strongest] = entries;
    if (strongest !== undefined && !byId.has(id)) byId.set(id, registered(ownProvider(entries), strongest.origin, entries));
  }
  const byAlias = aliases(builtin, byId, found);
  return {
    all: [...byId.values()],
    problems: [...found, ...pluginRivals(layers)],
    idOf: (text) => {
      const id = toProviderId(text);
      return byId.has(id) ? id : (byAlias.get(id) ?? id);
    },
    get: (id) => byId.get(id),
  };
}

const NONE: readonly CustomProvider[] = [];

function layersById(custom: readonly CustomProvider[]): Map<ProviderId, CustomProvider[]> {
  const layers = new Map<ProviderId, CustomProvider[]>();
  for (const entry of custom) {
    const entries = layers.get(entry.id);
    if (entries === undefined) layers.set(entry.id, [entry]);
    else entries.push(entry);
  }
  for (const entries of layers.values()) {
    if (entries.length > 1) entries.sort((a, b) => STRENGTH[a.origin.kind] - STRENGTH[b.origin.kind]);
  }
  return layers;
}

function registered(provider: Provider, origin: ProviderOrigin, custom: readonly CustomProvider[]): RegisteredProvider {
  if (custom.length === 0) return { provider, origin, custom, isLocal: provider.local === true };
  const layered = layOver(provider, custom);
  return { provider: layered, origin, custom, isLocal: provider.local === true || (layered.baseUrl !== undefined && isLocal(layered.baseUrl)) };
}

/** An alias that is also an id, or another's alias, leads where it led before. */
function aliases(builtin: readonly Provider[], byId: ReadonlyMap<ProviderId, RegisteredProvider>, problems: Problem[]): Map<ProviderId, ProviderId> {
  const byAlias = new Map<ProviderId, ProviderId>();
  for (const provider of builtin) {
    for (const text of provider.aliases ?? []) {
      const alias = toProviderId(text);
      const owner = byId.get(alias);
      const rival = byAlias.get(alias);
      if (owner === undefined && rival === undefined) byAlias.set(alias, toProviderId(provider.id));
      else problems.push(shadowed(alias, provider, owner, rival));
    }
  }
  return byAlias;
}

function shadowed(alias: ProviderId, provider: Provider, owner: RegisteredProvider | undefined, rival: ProviderId | undefined): Problem {
  if (owner === undefined || owner.origin.kind === "built-in") {
    return duplicate(`provider ${provider.id}`, `its alias "${alias}" already means ${owner?.provider.id ?? rival}`);
  }
  return {
    code: "PLUGIN_DUPLICATE",
    severity: "note",
    subject: `provider ${alias}`,
    message: `"${alias}" is a provider of your own here; without it the name would mean ${provider.id} (${provider.label})`,
    hint: `Nothing to do if that is meant. Otherwise rename the entry, or write ${provider.id}.`,
  };
}

function pluginRivals(layers: ReadonlyMap<ProviderId, readonly CustomProvider[]>): Problem[] {
  const rivals: Problem[] = [];
  for (const [id, entries] of layers) {
    const plugins = entries.flatMap(({ origin }) => (origin.kind === "plugin" ? [origin.pluginId] : []));
    if (plugins.length > 1) rivals.push(duplicate(`provider ${id}`, `the plugins ${plugins.join(" and ")} both bring "${id}"; the first counts`));
  }
  return rivals;
}

function duplicate(subject: string, message: string): Problem {
  return { code: "PLUGIN_DUPLICATE", severity: "warning", subject, message, hint: "See `{cli} plugins list --verbose` for who brings what." };
}
