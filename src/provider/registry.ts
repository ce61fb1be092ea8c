import { type ProviderId, toProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import { isLocal } from "./local-address.ts";
import type { Provider } from "./provider.ts";
import { layOver, ownProvider, type ProviderLayer } from "./provider-layer.ts";
import { duplicateProvider, type VendorTable, variablesKnownBy, vendorTable } from "./vendor-table.ts";

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
  /** What an entry states anew, and what a catalogue knows of single models' addresses does not count then: where it is, or also which format it speaks. */
  readonly moved?: "address" | "address and format";
  /** The base URL leads to this machine or its private network, or the provider is a local server by nature. */
  readonly isLocal: boolean;
}

export interface UnusedPlugin {
  readonly pluginId: string;
  /** `off`: can be turned on; `broken`: has to be mended first. */
  readonly state: "off" | "broken";
}

/** All providers as one value. An id is exact first, then an alias. What is asked of one provider reads that one alone. */
export interface ProviderRegistry {
  /** Reads every one of them. */
  readonly all: readonly RegisteredProvider[];
  readonly size: number;
  /** Those that the user or a plugin defines, over a built-in one or anew; in the order of `all`. */
  readonly customised: readonly RegisteredProvider[];
  /** Every environment variable that a provider knows, once. */
  readonly variables: readonly string[];
  /** The providers that know a variable, in the order of `all`. */
  knowing(variable: string): readonly RegisteredProvider[];
  readonly problems: readonly Problem[];
  /** Providers that a plugin would bring, was it in use. */
  readonly unused: ReadonlyMap<string, UnusedPlugin>;
  /** Normalises what a person or a file wrote: trimmed, lower case, aliases resolved. An unknown id comes back as it is. */
  idOf(text: string): ProviderId;
  get(id: ProviderId): RegisteredProvider | undefined;
}

const STRENGTH: Readonly<Record<ProviderOrigin["kind"], number>> = { config: 0, "models.json": 1, plugin: 2, "built-in": 3 };

/**
 * Built-in vendors in their order, then the new ones of `custom` in theirs. `problems` of who read the entries come first.
 * A new provider's name counts before an alias: `models.providers.qwen` is its own, though `qwen` else means `qwen-portal`.
 */
export function createRegistry(
  vendors: VendorTable | readonly Provider[],
  custom: readonly CustomProvider[],
  problems: readonly Problem[] = [],
  unused: ReadonlyMap<string, UnusedPlugin> = new Map(),
): ProviderRegistry {
  const table = "vendor" in vendors ? vendors : vendorTable(vendors);
  const layers = layersById(custom);
  const ids = [...table.ids, ...[...layers.keys()].filter((id) => !table.ids.includes(id))];
  const read = new Map<string, RegisteredProvider | undefined>();
  const get = (id: string): RegisteredProvider | undefined => {
    if (!read.has(id)) read.set(id, readOne(table.vendor(id), layers.get(id)));
    return read.get(id);
  };
  const getAll = (some: Iterable<string>): RegisteredProvider[] => [...some].flatMap((id) => get(id) ?? []);
  const variables = variablesOf(table, layers, get);
  return {
    get all() {
      return getAll(ids);
    },
    size: ids.length,
    customised: layers.size === 0 ? [] : getAll(ids.filter((id) => layers.has(id))),
    variables: [...variables.keys()],
    knowing: (variable) => getAll(variables.get(variable) ?? []),
    problems: [...problems, ...table.problems, ...shadowed(table, layers, get), ...pluginRivals(layers)],
    unused,
    idOf: (text) => {
      const id = toProviderId(text);
      return table.ids.includes(id) || layers.has(id) ? id : toProviderId(table.aliases.get(id) ?? id);
    },
    get,
  };
}

function readOne(vendor: Provider | undefined, entries: readonly CustomProvider[] = NONE): RegisteredProvider | undefined {
  if (vendor !== undefined) return { ...registered(vendor, { kind: "built-in" }, entries), ...movedFrom(vendor.baseUrl, entries) };
  const [strongest] = entries;
  return strongest === undefined ? undefined : { ...registered(ownProvider(entries), strongest.origin, entries), ...movedFrom(undefined, entries) };
}

/** Agents copy the vendors' own addresses into their models.json: those move nothing. */
function movedFrom(baseUrl: string | undefined, entries: readonly CustomProvider[]): Pick<RegisteredProvider, "moved"> {
  const stated = entries.find((entry) => entry.baseUrl !== undefined)?.baseUrl;
  if (stated === undefined || stated === baseUrl) return {};
  return { moved: entries.some(({ protocol }) => protocol !== undefined) ? "address and format" : "address" };
}

/** The table's, but for providers whose ways to log in an entry states anew. One that is the user's own knows no variable by its name. */
function variablesOf(table: VendorTable, layers: ReadonlyMap<string, readonly CustomProvider[]>, get: (id: string) => RegisteredProvider | undefined) {
  const restated = [...layers].filter(([, entries]) => entries.some(({ auth }) => auth !== undefined)).map(([id]) => id);
  if (restated.length === 0) return table.variables;
  const variables = new Map<string, readonly string[]>();
  for (const [variable, ids] of table.variables) {
    const others = ids.filter((id) => !restated.includes(id));
    if (others.length > 0) variables.set(variable, others);
  }
  for (const id of restated) for (const variable of variablesKnownBy(get(id)?.provider)) variables.set(variable, [...(variables.get(variable) ?? []), id]);
  return variables;
}

const NONE: readonly CustomProvider[] = [];

function layersById(custom: readonly CustomProvider[]): Map<string, CustomProvider[]> {
  const layers = new Map<string, CustomProvider[]>();
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

/** A provider of the user's own that is called as another one's alias. */
function shadowed(table: VendorTable, layers: ReadonlyMap<string, readonly CustomProvider[]>, get: (id: string) => RegisteredProvider | undefined): Problem[] {
  return [...layers.keys()].flatMap((id): Problem[] => {
    const meant = table.aliases.get(id);
    if (meant === undefined || table.ids.includes(id)) return [];
    const message = `"${id}" is a provider of your own here; without it the name would mean ${meant} (${get(meant)?.provider.label})`;
    const hint = `Nothing to do if that is meant. Otherwise rename the entry, or write ${meant}.`;
    return [{ code: "PLUGIN_DUPLICATE", severity: "note", subject: `provider ${id}`, message, hint }];
  });
}

function pluginRivals(layers: ReadonlyMap<string, readonly CustomProvider[]>): Problem[] {
  const rivals: Problem[] = [];
  for (const [id, entries] of layers) {
    const plugins = entries.flatMap(({ origin }) => (origin.kind === "plugin" ? [origin.pluginId] : []));
    if (plugins.length > 1) rivals.push(duplicateProvider(`provider ${id}`, `the plugins ${plugins.join(" and ")} both bring "${id}"; the first counts`));
  }
  return rivals;
}
