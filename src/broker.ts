import type { Catalog } from "./catalog/catalog.ts";
import { type Agents, chooseAgent } from "./config/agents.ts";
import { customProviders } from "./config/custom-providers.ts";
import type { InstallationNames } from "./config/installation.ts";
import { loadConfig } from "./config/load.ts";
import { locate } from "./config/locate.ts";
import type { LoadedConfig } from "./config/loaded-config.ts";
import { readModelsJson } from "./config/models-json.ts";
import type { CredentialFacts } from "./credentials/collect.ts";
import { AppError } from "./kernel/errors.ts";
import type { Host } from "./kernel/host.ts";
import { discoverPlugins, type PluginFacts } from "./plugins/discover.ts";
import { createRegistry, type ProviderRegistry } from "./provider/registry.ts";
import { builtinVendors } from "./providers/index.ts";
import { type Chain, readChain } from "./routing/chain.ts";

/** What not every question needs, and costs a millisecond of a start to load. */
export type Room = "catalog" | "credentials";
const ROOMS: readonly Room[] = ["catalog", "credentials"];

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
  /** Those that will be asked; all unless told. A question to another one is INTERNAL. */
  readonly rooms?: readonly Room[] | undefined;
}

/** Wires the rooms together; decides nothing. */
export async function openBroker({ host, names, agent, rooms = ROOMS }: BrokerOptions): Promise<Broker> {
  const catalogRoom = rooms.includes("catalog") ? import("./catalog/open-catalog.ts") : undefined;
  const credentialsRoom = rooms.includes("credentials") ? import("./credentials/collect.ts") : undefined;
  const [openCatalog, collectCredentials] = [(await catalogRoom)?.openCatalog, (await credentialsRoom)?.collectCredentials];
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
  const catalog = once(() => loaded(openCatalog, "catalog")({ host, registry: registry(), stateDir: config().stateDir }));
  const credentials = once(() => loaded(collectCredentials, "credentials")({ host, names, config: config(), agents: agents(), registry: registry() }));
  const chain = once(() => readChain(config(), agents(), registry()));
  return { host, names, homeDir: once(() => locate(host, names).homeDir), config, agents, plugins, registry, catalog, credentials, chain };
}

/** Whether we know how to address it: such an entry need not say it again. */
export function isBuiltIn(id: string): boolean {
  const known = builtinVendors.vendor(builtinVendors.aliases.get(id) ?? id);
  return known !== undefined && (known.baseUrl !== undefined || known.quirks.addressing !== undefined);
}

function loaded<T>(room: T | undefined, name: Room): T {
  if (room !== undefined) return room;
  throw new AppError("INTERNAL", `the room ${name} was not opened`, {
    hint: "This is a bug: the command names too few `rooms`. Please report it with the command that you ran.",
  });
}

/** Computes at the first call and remembers; a failure is not remembered. */
function once<T>(compute: () => T): () => T {
  let value: { readonly is: T } | undefined;
  return () => {
    value ??= { is: compute() };
    return value.is;
  };
}
