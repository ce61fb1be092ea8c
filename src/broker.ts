import type { Catalog } from "./catalog/catalog.ts";
import { openCatalog } from "./catalog/open-catalog.ts";
import { type Agents, chooseAgent } from "./config/agents.ts";
import { customProviders } from "./config/custom-providers.ts";
import type { InstallationNames } from "./config/installation.ts";
import { loadConfig } from "./config/load.ts";
import { locate } from "./config/locate.ts";
import type { LoadedConfig } from "./config/loaded-config.ts";
import { readModelsJson } from "./config/models-json.ts";
import { type CredentialFacts, collectCredentials } from "./credentials/collect.ts";
import type { Host } from "./kernel/host.ts";
import { discoverPlugins, type PluginFacts } from "./plugins/discover.ts";
import { createRegistry, type ProviderRegistry } from "./provider/registry.ts";
import { builtinVendors } from "./providers/index.ts";
import { type Chain, readChain } from "./routing/chain.ts";

/** The product as an object: facts are read at the first question and remembered; nothing is written. */
export interface Broker {
  readonly host: Host;
  readonly names: InstallationNames;
  /** For shortening paths: answers also when the config is broken. */
  homeDir(): string;
  /** Throws CONFIG_… (exit 78). */
  config(): LoadedConfig;
  /** Throws AGENT_UNKNOWN when `--agent` names none. */
  agents(): Agents;
  plugins(): PluginFacts;
  /** Built-in vendors, plugins' and the config's and models.json's own, as one list. */
  registry(): ProviderRegistry;
  catalog(): Catalog;
  credentials(): CredentialFacts;
  /** The models that answer for the chosen agent. */
  chain(): Chain;
}

export interface BrokerOptions {
  readonly host: Host;
  readonly names: InstallationNames;
  /** The agent that `--agent` names. */
  readonly agent?: string | undefined;
}

/** Wires the rooms together; decides nothing. */
export function openBroker({ host, names, agent }: BrokerOptions): Broker {
  const config = once(() => loadConfig(host, names));
  const agents = once(() => chooseAgent(host, config(), names, agent));
  const plugins = once(() => discoverPlugins({ host, config: config(), names }));
  const custom = once(() => {
    const fromConfig = customProviders(config(), isBuiltIn);
    const fromFile = readModelsJson(host, config(), agents().chosen.dir, isBuiltIn);
    const fromPlugins = plugins()
      .plugins.filter(({ status }) => status === "enabled")
      .flatMap(({ providers }) => providers);
    return { providers: [...fromConfig.providers, ...fromFile.providers, ...fromPlugins], problems: [...fromConfig.problems, ...fromFile.problems] };
  });
  const registry = once(() => createRegistry(builtinVendors, custom().providers, custom().problems));
  const catalog = once(() => openCatalog({ host, registry: registry(), stateDir: config().stateDir }));
  const credentials = once(() => collectCredentials({ host, names, config: config(), agents: agents(), registry: registry() }));
  const chain = once(() => readChain(config(), agents(), registry()));
  return { host, names, homeDir: once(() => locate(host, names).homeDir), config, agents, plugins, registry, catalog, credentials, chain };
}

/** Whether we know how to address it: such an entry need not say it again. */
export function isBuiltIn(id: string): boolean {
  const known = builtinVendors.vendor(builtinVendors.aliases.get(id) ?? id);
  return known !== undefined && (known.baseUrl !== undefined || known.quirks.addressing !== undefined);
}

/** Computes at the first call and remembers; a failure is not remembered. */
function once<T>(compute: () => T): () => T {
  let value: { readonly is: T } | undefined;
  return () => {
    value ??= { is: compute() };
    return value.is;
  };
}
