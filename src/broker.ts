import type { Catalog } from "./catalog/catalog.ts";
import { type Agents, chooseAgent } from "./config/agents.ts";
import { customProviders } from "./config/custom-providers.ts";
import type { InstallationNames } from "./config/installation.ts";
import { loadConfig } from "./config/load.ts";
import { locate, type Locations } from "./config/locate.ts";
import type { LoadedConfig } from "./config/loaded-config.ts";
import { readModelsJson } from "./config/models-json.ts";
import type { ConfigEdit, EditOptions, EditOutcome } from "./config/edit.ts";
import type { CredentialFacts } from "./credentials/collect.ts";
import type { StoreDraft, StoreEdited, StoreEditInput } from "./credentials/store-edit.ts";
import { AppError } from "./kernel/errors.ts";
import type { Host } from "./kernel/host.ts";
import { remembered } from "./kernel/remember.ts";
import { withhold, withholdBelow } from "./kernel/withheld-variables.ts";
import type { discoverPlugins } from "./plugins/discover.ts";
import { nothingInstalled, type PluginFacts, pluginLogins, unusedProviders, workspaceOf } from "./plugins/search.ts";
import type { LoginTable } from "./provider/login-method.ts";
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
  /** How to log in to each provider; loaded when asked for. */
  logins(): Promise<LoginTable>;
  /** The models that answer for the chosen agent. */
  chain(): Chain;
  /** Changes the config's files by the smallest change of text. `plan` sees the config as it is under the lock. */
  editConfig(plan: (view: ConfigView) => readonly ConfigEdit[], options: EditOptions): Promise<EditOutcome<ConfigView>>;
  /** Changes the chosen agent's own auth store. */
  editStore<T>(options: Pick<StoreEditInput, "command" | "backup">, change: (draft: StoreDraft) => T): Promise<StoreEdited<T>>;
}

/** What the config says, at one moment. */
export type ConfigView = Pick<Broker, "config" | "agents" | "plugins" | "registry" | "chain">;

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
  const plugins: PluginReader = {};
  const locations = remembered(() => locate(host, names));
  const view = configView({ host, names, agent, plugins, locations });
  if (!hasNoPlugins(view)) plugins.discover = (await import("./plugins/discover.ts")).discoverPlugins;
  const { config, agents, registry } = view;
  const catalog = remembered(() => loaded(openCatalog, "catalog")({ host, registry: registry(), stateDir: config().stateDir }));
  const credentials = remembered(() => loaded(collectCredentials, "credentials")({ host, names, config: config(), agents: agents(), registry: registry() }));
  return {
    host,
    names,
    homeDir: () => locations().homeDir,
    ...view,
    catalog,
    credentials,
    logins: async () => new Map([...pluginLogins(view.plugins()), ...(await import("./providers/logins/index.ts")).builtinLogins]),
    editConfig: async (plan, options) => {
      const { editConfig } = await import("./config/edit.ts");
      return editConfig({ host, names, viewOf: (machine) => configView({ host: machine, names, agent, plugins, locations }) }, plan, options);
    },
    editStore: async (options, change) => {
      const { editStore } = await import("./credentials/store-edit.ts");
      const file = host.paths.join(agents().chosen.dir, "auth-profiles.json");
      return editStore({ host, names, config: config(), agents: agents(), file, idOf: (text) => registry().idOf(text), ...options }, change);
    },
  };
}

/** Loaded at the start where something is installed. */
interface PluginReader {
  discover?: typeof discoverPlugins;
}

/** What is wrong with the config is said by whoever asks for it. */
function hasNoPlugins({ withoutPlugins }: OpenedView): boolean {
  try {
    return withoutPlugins() !== undefined;
  } catch {
    return true;
  }
}

interface ViewInput {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly agent: string | undefined;
  readonly plugins: PluginReader;
  /** Found out once for all views: no edit moves a config. */
  readonly locations: () => Locations;
}

interface OpenedView extends ConfigView {
  /** What there is to say where no plugin is installed; undefined where one is. */
  withoutPlugins(): PluginFacts | undefined;
}

function configView({ host, names, agent, plugins: reader, locations }: ViewInput): OpenedView {
  const config = remembered(() => loadConfig(host, names, locations()));
  const agents = remembered(() => chooseAgent(host, config(), names, agent));
  const search = remembered(() => ({ host, config: config(), names, vendors: builtinVendors }));
  const withoutPlugins = remembered(() => nothingInstalled(search()));
  // A folder that an edit has just named is read at the next start.
  const plugins = remembered(() => withoutPlugins() ?? reader.discover?.(search()) ?? { workspaceDir: workspaceOf(search()), plugins: [], problems: [] });
  const custom = remembered(() => {
    const fromConfig = customProviders(config(), isBuiltIn);
    const fromFile = readModelsJson(host, config(), agents().chosen.dir, isBuiltIn);
    const fromPlugins = plugins()
      .plugins.filter(({ status }) => status === "enabled")
      .flatMap(({ providers }) => providers);
    return { providers: [...fromConfig.providers, ...fromFile.providers, ...fromPlugins], problems: [...fromConfig.problems, ...fromFile.problems] };
  });
  const registry = remembered(() => {
    const known = createRegistry(builtinVendors, custom().providers, custom().problems, unusedProviders(plugins()));
    withholdSecrets(names, config(), known);
    return known;
  });
  const chain = remembered(() => readChain(config(), agents(), registry()));
  return { config, agents, withoutPlugins, plugins, registry, chain };
}

/** No program that is started later sees them. */
function withholdSecrets(names: InstallationNames, { value }: LoadedConfig, { variables }: ProviderRegistry): void {
  for (const prefix of [names.envPrefix, ...names.legacyEnvPrefixes]) withholdBelow(prefix);
  withhold(variables);
  for (const { clientSecret = "" } of Object.values(value.signalbox?.logins ?? {})) withhold([clientSecret.replace("env:", "")]);
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
