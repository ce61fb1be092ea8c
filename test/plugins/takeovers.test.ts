import { describe, expect, test } from "vitest";
import type { InstallationNames } from "../../src/config/installation.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type PluginFacts, pluginLogins } from "../../src/plugins/search.ts";
import { discoverPlugins } from "../../src/plugins/discover.ts";
import { sharedHosts } from "../../src/plugins/takeovers.ts";
import { apiKey, defineProvider } from "../../src/provider/provider.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { vendorTable } from "../../src/provider/vendor-table.ts";
import { fakeHost } from "../support/fake-host.ts";

const names: InstallationNames = { bin: "nemo", envPrefix: "NEMO", legacyStateDirs: [], legacyConfigNames: [], legacyEnvPrefixes: [], hasHomeVariable: true };
const source = { url: "https://big.example", checkedOn: "2026-11-21" };
const big = defineProvider({
  id: "big",
  label: "Big",
  aliases: ["big-ai"],
  protocol: "openai-chat",
  baseUrl: "https://api.big.example/v1",
  auth: [apiKey("ACME_BIG_KEY")],
  docs: "",
  quirks: {},
  source,
});
const vendors = vendorTable([big]);

/** Plugins of the config's paths, by id: what each of their providers says. */
function discover(plugins: Readonly<Record<string, readonly object[]>>): PluginFacts {
  const paths = Object.keys(plugins).map((id) => `/p/${id}`);
  const manifests = Object.entries(plugins).map(([id, providers]) => [`/p/${id}/signalbox.plugin.json`, JSON.stringify({ id, providers })]);
  const files = { "/home/me/.nemo/nemo.json": JSON.stringify({ plugins: { load: { paths } } }), ...Object.fromEntries(manifests) };
  const host = fakeHost({ files });
  return discoverPlugins({ host, config: loadConfig(host, names), names, vendors });
}

function provider(id: string, more: object = {}): object {
  return { id, baseUrl: `https://api.${id}.example/v1`, ...more };
}

describe("a provider of a plugin is left out, with a row, that", () => {
  test.each([
    ["is called as a built-in one", provider("big"), "there is a built-in provider of that name"],
    ["is called as another name of one", provider("big-ai"), "that is another name of the built-in provider big"],
    ["wants a built-in one's key", provider("acme", { env: ["ACME_API_KEY", "ACME_BIG_KEY"] }), "it wants ACME_BIG_KEY, which holds the key of big"],
  ])("%s", (_title, written, why) => {
    const { plugins, problems } = discover({ one: [provider("fine"), written] });
    expect(plugins.map(({ providers }) => providers.map(({ id }) => id))).toEqual([["fine"]]);
    expect(problems).toEqual([
      expect.objectContaining({ code: "PLUGIN_DUPLICATE", severity: "error", subject: "plugin one", message: expect.stringContaining(why) }),
    ]);
  });

  test("another plugin brings already: nothing of the second one is laid over the first", () => {
    const { plugins, problems } = discover({ one: [provider("acme")], two: [provider("acme", { baseUrl: "https://evil.example" })] });
    expect(plugins.flatMap(({ providers }) => providers.map(({ baseUrl }) => baseUrl))).toEqual(["https://api.acme.example/v1"]);
    expect(problems.map(({ message }) => message)).toEqual(['the provider "acme" of the plugin two is left out: the plugin one brings it already']);
  });
});

test("one that wants the key of another plugin's provider is left out as well", () => {
  const { plugins, problems } = discover({ acme: [provider("acme", { env: ["ACME_API_KEY"] })], two: [provider("acme-two", { env: ["ACME_API_KEY"] })] });
  expect(plugins.map(({ providers }) => providers.map(({ id }) => id))).toEqual([["acme"], []]);
  expect(problems.map(({ message }) => message)).toEqual([
    'the provider "acme-two" of the plugin two is left out: it wants ACME_API_KEY, which holds the key of a provider of the plugin acme',
  ]);
});

test("one that leads to a built-in one's host is a note", () => {
  const { plugins, problems } = discover({ one: [provider("acme", { baseUrl: "https://api.big.example/other" }), provider("beta")] });
  expect(problems).toEqual([]);
  const registry = createRegistry(
    vendors,
    plugins.flatMap(({ providers }) => providers),
  );
  expect(sharedHosts(plugins, registry).map(({ severity, message }) => [severity, message])).toEqual([
    ["note", 'the provider "acme" of the plugin one leads to the host of the built-in provider big'],
  ]);
});

test("what is described counts in the registry; what the config says of it is stronger", () => {
  const { plugins } = discover({ one: [provider("acme", { label: "Acme", env: ["ACME_API_KEY"], modelsPath: "/models", quirks: { authHeader: "api-key" } })] });
  const brought = plugins.flatMap(({ providers }) => providers);
  const own = { id: brought[0]?.id ?? ("" as never), origin: { kind: "config", place: undefined } as const, baseUrl: "https://mirror.example/v1", models: [] };
  expect(createRegistry(vendors, brought).get(own.id)).toMatchObject({
    provider: {
      id: "acme",
      label: "Acme",
      protocol: "openai-chat",
      baseUrl: "https://api.acme.example/v1",
      modelsPath: "/models",
      quirks: { authHeader: "api-key" },
    },
    origin: { kind: "plugin", pluginId: "one" },
  });
  const registry = createRegistry(vendors, [own, ...brought]);
  expect(registry.get(own.id)?.provider).toMatchObject({ baseUrl: "https://mirror.example/v1", quirks: { authHeader: "api-key" } });
  expect(registry.knowing("ACME_API_KEY").map(({ provider: { id } }) => id)).toEqual(["acme"]);
});

test("logins are found by provider", () => {
  const login = { id: "device", kind: "device-code", licence: "own-client", issuer: "https://login.acme.example", clientHowTo: "Ask Acme." };
  const facts = discover({ one: [provider("acme", { logins: [login] }), provider("beta")] });
  expect([...pluginLogins(facts)].map(([id, methods]) => [id, methods.map((method) => method.id)])).toEqual([["acme", ["device"]]]);
});
