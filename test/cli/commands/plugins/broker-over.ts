import type { Broker } from "../../../../src/broker.ts";
import { chooseAgent } from "../../../../src/config/agents.ts";
import type { InstallationNames } from "../../../../src/config/installation.ts";
import { loadConfig } from "../../../../src/config/load.ts";
import { collectCredentials } from "../../../../src/credentials/collect.ts";
import { discoverPlugins } from "../../../../src/plugins/discover.ts";
import { apiKey, defineProvider, type Provider } from "../../../../src/provider/provider.ts";
import { type CustomProvider, createRegistry } from "../../../../src/provider/registry.ts";
import { makeStyle, type Style } from "../../../../src/cli/style.ts";
import { type FakeMachine, fakeHost } from "../../../support/fake-host.ts";

const names: InstallationNames = { bin: "nemo", envPrefix: "NEMO", legacyStateDirs: [], legacyConfigNames: [], legacyEnvPrefixes: [], hasHomeVariable: true };
const source = { url: "https://vendor.example/docs", checkedOn: "2026-11-21" };

/** Three vendors are enough to tell the groups apart. */
export const vendors: readonly Provider[] = [
  defineProvider({
    id: "acme",
    label: "Acme",
    aliases: ["acme-ai"],
    protocol: "openai-chat",
    baseUrl: "https://api.acme.example/v1",
    auth: [
      apiKey(["ACME_API_KEY", "ACME_KEY"], { prefixes: ["ac-"], page: "https://acme.example/keys" }),
      { kind: "oauth", label: "Acme login", env: [], flow: "device", note: "For your own use." },
    ],
    docs: "https://docs.acme.example",
    modelsPath: "/models",
    quirks: { maxTokensField: "max_tokens" },
    note: "It is made up.",
    source,
    facts: { prefixes: { url: "https://acme.example/blog", checkedOn: "2026-11-20" } },
  }),
  defineProvider({
    id: "anvil",
    label: "Anvil",
    protocol: "bedrock-converse",
    baseUrl: undefined,
    auth: [apiKey("ANVIL_TOKEN")],
    docs: "https://anvil.example",
    quirks: { addressing: "bedrock-region" },
    source,
  }),
  defineProvider({
    id: "burrow",
    label: "Burrow",
    protocol: "openai-chat",
    baseUrl: "http://127.0.0.1:9999/v1",
    auth: [apiKey("BURROW_KEY"), { kind: "none", label: "No key" }],
    docs: "https://burrow.example",
    local: true,
    quirks: {},
    source,
  }),
];

/** The rooms that these commands ask, over a machine in memory. */
export function brokerOver(machine: FakeMachine, custom: readonly CustomProvider[] = []): Broker {
  const host = fakeHost(machine);
  const config = loadConfig(host, names);
  const agents = chooseAgent(host, config, names, undefined);
  const plugins = discoverPlugins({ host, config, names });
  const brought = plugins.plugins.filter(({ status }) => status === "enabled").flatMap(({ providers }) => providers);
  const registry = createRegistry(vendors, [...custom, ...brought]);
  const credentials = collectCredentials({ host, names, config, agents, registry });
  const unasked = (): never => {
    throw new Error("these commands do not ask for that");
  };
  const rooms = { config: () => config, agents: () => agents, plugins: () => plugins, registry: () => registry, credentials: () => credentials };
  return {
    host,
    names,
    homeDir: () => config.homeDir,
    ...rooms,
    catalog: unasked,
    chain: unasked,
    editConfig: unasked,
    editStore: unasked,
    logins: async () => new Map(),
  };
}

export const plainStyle: Style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

export const EXTENSIONS = "/home/me/.nemo/extensions";

export function installed(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return { [`${EXTENSIONS}/${id}/nemo.plugin.json`]: JSON.stringify({ id, configSchema: {}, ...more }), [`${EXTENSIONS}/${id}/index.ts`]: "" };
}
