import type { Problem } from "../kernel/problem.ts";
import type { PluginProvider } from "../provider/plugin-provider.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { VendorTable } from "../provider/vendor-table.ts";
import type { Plugin } from "./plugin.ts";

/** Leaves out every provider of ours that is called as somebody else, or wants somebody else's key. Each is a row. */
export function withoutTakeovers(
  plugins: readonly Plugin[],
  vendors: VendorTable | undefined,
): { readonly plugins: readonly Plugin[]; readonly problems: readonly Problem[] } {
  if (plugins.every(({ form }) => form === "agent")) return { plugins, problems: [] };
  const problems: Problem[] = [];
  const kept: Plugin[] = [];
  for (const plugin of plugins) {
    if (plugin.form === "agent") {
      kept.push(plugin);
      continue;
    }
    const providers = plugin.providers.filter((provider) => {
      const why = takeoverOf(provider, vendors) ?? rivalOf(provider, kept);
      if (why !== undefined) problems.push(takeover(plugin, provider, why));
      return why === undefined;
    });
    kept.push({ ...plugin, providers });
  }
  return { plugins: kept, problems };
}

/** Why a provider would take the name or the key of one that another plugin brings. */
export function rivalOf(provider: PluginProvider, plugins: readonly Plugin[]): string | undefined {
  const names = variablesOf(provider);
  for (const { id, form, providers } of plugins) {
    if (form === "agent") continue;
    if (providers.some((other) => other.id === provider.id)) return `the plugin ${id} brings it already`;
    const foreign = names.find((name) => providers.some((other) => variablesOf(other).includes(name)));
    if (foreign !== undefined) return `it wants ${foreign}, which holds the key of a provider of the plugin ${id}`;
  }
  return undefined;
}

/** Why a provider would take a built-in one's name or key. */
export function takeoverOf(provider: PluginProvider, vendors: VendorTable | undefined): string | undefined {
  const { id } = provider;
  if (vendors === undefined) return undefined;
  if (vendors.ids.includes(id)) return "there is a built-in provider of that name";
  const meant = vendors.aliases.get(id);
  if (meant !== undefined) return `that is another name of the built-in provider ${meant}`;
  const foreign = variablesOf(provider).find((name) => vendors.variables.has(name));
  return foreign === undefined ? undefined : `it wants ${foreign}, which holds the key of ${vendors.variables.get(foreign)?.[0] ?? "another provider"}`;
}

function variablesOf({ auth = [] }: PluginProvider): readonly string[] {
  return auth.flatMap((method) => ("env" in method ? method.env : []));
}

function takeover(plugin: Plugin, provider: PluginProvider, why: string): Problem {
  return {
    code: "PLUGIN_DUPLICATE",
    severity: "error",
    subject: `plugin ${plugin.id}`,
    message: `the provider "${provider.id}" of the plugin ${plugin.id} is left out: ${why}`,
    hint: `Its maker has to name it otherwise. Turn it off: \`{cli} plugins disable ${plugin.id}\`.`,
    ...(plugin.place !== undefined && { place: plugin.place }),
  };
}

/** The built-in provider whose host a plugin's provider leads to. That may be meant, and should be known. */
export function sameHost({ baseUrl }: PluginProvider, registry: ProviderRegistry): string | undefined {
  const host = hostOf(baseUrl);
  if (host === undefined) return undefined;
  return registry.all.find(({ provider, origin }) => origin.kind === "built-in" && hostOf(provider.baseUrl) === host)?.provider.id;
}

/** One note for each provider of a plugin that leads to a built-in one's host. Reads every vendor. */
export function sharedHosts(plugins: readonly Plugin[], registry: ProviderRegistry): Problem[] {
  return plugins.flatMap((plugin) =>
    plugin.providers.flatMap((provider): Problem[] => {
      const other = plugin.form === "agent" ? undefined : sameHost(provider, registry);
      if (other === undefined) return [];
      const message = `the provider "${provider.id}" of the plugin ${plugin.id} leads to the host of the built-in provider ${other}`;
      const hint = `Nothing to do if that is meant. Otherwise turn it off: \`{cli} plugins disable ${plugin.id}\`.`;
      return [{ code: "PLUGIN_DUPLICATE", severity: "note", subject: `plugin ${plugin.id}`, message, hint }];
    }),
  );
}

function hostOf(baseUrl: string | undefined): string | undefined {
  return baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).host : undefined;
}
