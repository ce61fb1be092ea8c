import { shownBaseUrl } from "../../../kernel/shown-address.ts";
import type { Broker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import { placeText } from "../../../kernel/place.ts";
import { didYouMean, nearest } from "../../../kernel/nearest.ts";
import type { Provider, ProviderFact } from "../../../provider/provider.ts";
import type { CustomProvider } from "../../../provider/registry.ts";
import { defineCommand } from "../../command.ts";
import { counted } from "../../counted.ts";
import type { Style } from "../../style.ts";
import { type PluginRow, pluginRow } from "./plugin-row.ts";
import { fact, pluginDetails, providerDetails } from "./detail-lines.ts";
import { type LoginProviderRow, methodLines, told, withMethods } from "./method-row.ts";
import { allPlugins } from "./plugin-problems.ts";
import { providerRows } from "./provider-row.ts";

/** At the top the keys of a plugin, as older agents print them, where one has that id; `provider` where a provider has it. */
export interface PluginsInfoReport extends Partial<PluginRow> {
  schemaVersion: 1;
  provider: ProviderInfo | null;
}

export interface ProviderInfo extends LoginProviderRow {
  modelsPath: string | null;
  quirks: Record<string, string>;
  /** Where its facts were read, and when; the fact `all` is every one that is not named apart. Empty for one that the user defined. */
  sources: { fact: string; url: string; checkedOn: string }[];
  /** What is laid over it, or what it is made of, strongest first. */
  entries: {
    origin: "config" | "models.json" | "plugin" | "built-in";
    plugin: string | null;
    file: string | null;
    line: number | null;
    baseUrl: string | null;
    models: number;
  }[];
}

export const pluginsInfo = defineCommand({
  summary: "Show all that is known of one provider or plugin",
  args: [{ name: "id", help: "a provider, one of its other names, or a plugin", names: "provider" }],
  options: {},
  examples: [
    { run: "plugins info groq", does: "endpoint, variables, documentation, and where each fact was read" },
    { run: "plugins info minimax --json", does: "the same for a program" },
  ],
  run,
  human,
});

async function run(broker: Broker, _given: unknown, [id = ""]: readonly string[]): Promise<PluginsInfoReport> {
  const { plugins, workspaceDir } = allPlugins(broker);
  const word = id.trim().toLowerCase();
  const plugin = plugins.find((known) => known.id.toLowerCase() === word) ?? plugins.find((known) => known.name.toLowerCase() === word);
  const provider = await providerInfo(broker, id);
  if (plugin === undefined && provider === null) throw unknown(broker, id);
  return { schemaVersion: 1, ...(plugin !== undefined && pluginRow(plugin, workspaceDir)), provider };
}

async function providerInfo(broker: Broker, word: string): Promise<ProviderInfo | null> {
  const id = broker.registry().idOf(word);
  const registered = broker.registry().get(id);
  const [row] = await withMethods(
    broker,
    providerRows(broker).filter((known) => known.id === id),
  );
  if (registered === undefined || row === undefined) return null;
  const { provider, custom } = registered;
  return { ...row, modelsPath: provider.modelsPath ?? null, quirks: { ...provider.quirks }, sources: sources(provider), entries: custom.map(entryRow) };
}

function sources({ source, facts = {} }: Provider): ProviderInfo["sources"] {
  if (source.url === "") return [];
  const apart = Object.entries(facts) as [ProviderFact, Provider["source"]][];
  return [{ fact: "all", ...source }, ...apart.map(([name, read]) => ({ fact: name, ...read }))];
}

function entryRow({ origin, baseUrl, models }: CustomProvider): ProviderInfo["entries"][number] {
  const place = origin.kind === "config" ? origin.place : undefined;
  return {
    origin: origin.kind,
    plugin: origin.kind === "plugin" ? origin.pluginId : null,
    file: place?.file ?? (origin.kind === "models.json" ? origin.file : null),
    line: place?.line ?? null,
    baseUrl: shownBaseUrl(baseUrl),
    models: models.length,
  };
}

function unknown(broker: Broker, id: string): AppError {
  const providers = broker.registry().all.flatMap(({ provider }) => [provider.id, ...(provider.aliases ?? [])]);
  const known = [...providers, ...broker.plugins().plugins.map((plugin) => plugin.id)];
  const hint = didYouMean(id, known).trim() || "`{cli} plugins list` shows all of them.";
  return new AppError("PLUGIN_UNKNOWN", `no provider and no plugin is named "${id}"`, { hint, suggestions: nearest(id, known) });
}

function human({ provider, ...plugin }: PluginsInfoReport, style: Style): string {
  return [
    ...(provider === null ? [] : [...providerDetails(told(provider), style, methodLines(provider.methods, style)), ...providerEnd(provider, style)]),
    ...(plugin.id === undefined ? [] : [...(provider === null ? [] : [""]), ...pluginDetails(plugin as PluginRow, style)]),
  ].join("\n");
}

function providerEnd(provider: ProviderInfo, style: Style): string[] {
  const entries = provider.entries.map(({ origin, plugin, file, line, baseUrl, models }) => {
    const where = file === null ? "" : ` at ${placeText({ file: style.path(file), ...(line !== null && { line }) })}`;
    const what = [...(baseUrl === null ? [] : [baseUrl]), ...(models === 0 ? [] : [counted(models, "model")])].join(", ");
    return `${plugin === null ? origin : `plugin ${plugin}`}${where}${what === "" ? "" : `: ${what}`}`;
  });
  const quirks = Object.entries(provider.quirks).map(([name, value]) => `${name}: ${value}`);
  const list = provider.modelsPath === null ? null : `${provider.baseUrl ?? ""}${provider.modelsPath}`;
  return [
    ...fact("model list", list, style),
    ...fact("departs by", quirks.join(", "), style),
    ...entries.flatMap((entry) => fact("entry", entry, style)),
    ...sourceTexts(provider).flatMap((text) => fact("source", text, style)),
    ...(provider.serves === "chat" ? fact("models", `${style.cli} models list --all --provider ${provider.id}`, style) : []),
  ];
}

/** One text a page, with the facts that were read there; the first is the page of all the others. */
function sourceTexts({ sources }: ProviderInfo): string[] {
  const byPage = new Map<string, string[]>();
  for (const { fact: name, url, checkedOn } of sources) {
    const page = `${url}, ${checkedOn}`;
    byPage.set(page, [...(byPage.get(page) ?? []), ...(name === "all" ? [] : [name])]);
  }
  return [...byPage].map(([page, names]) => (names.length === 0 ? page : `${page} (${names.join(", ")})`));
}
