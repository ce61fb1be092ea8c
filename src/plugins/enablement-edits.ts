import type { ConfigEdit } from "../config/config-edit.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Planned } from "../config/planned.ts";
import { looksSecret, secretRefused } from "../config/secret-looks.ts";
import { writtenTexts } from "../config/written-text.ts";
import { AppError } from "../kernel/errors.ts";
import { didYouMean, nearest } from "../kernel/nearest.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { PluginFacts } from "./search.ts";
import type { Plugin } from "./plugin.ts";
import { type Enablement, enablement } from "./enablement.ts";

export interface PluginSwitched {
  readonly id: string;
  /** undefined: none of that id was found here, and the config names it. */
  readonly plugin: Plugin | undefined;
  /** What else had to change, as key paths. */
  readonly also: readonly string[];
  /** What decided before. */
  readonly before: Enablement;
}

export interface PluginEditFacts {
  readonly config: LoadedConfig;
  readonly plugins: PluginFacts;
  readonly registry: ProviderRegistry;
}

type Settings = NonNullable<LoadedConfig["value"]["plugins"]>;

/**
 * Turns a plugin on or off, and takes it from the lists that would keep it as it was. `plugins.enabled` is about all plugins and stays as it is.
 * Throws PLUGIN_UNKNOWN.
 */
export function planPlugin(word: string, wanted: "on" | "off", facts: PluginEditFacts): Planned<PluginSwitched> {
  const { id, plugin } = named(word, wanted, facts);
  const settings = facts.config.value.plugins ?? {};
  // What is not found here is brought along by the agent.
  const before = enablement(id, plugin?.footing ?? "bundled", { ...settings, enabled: true });
  const warnings = [...notFound(id, plugin), ...(wanted === "on" ? whatKeepsItOff(id, plugin, settings) : [])];
  if (before.isOn === (wanted === "on")) return { edits: [], facts: { id, plugin, also: [], before }, warnings };
  const others = wanted === "on" ? letIn(id, plugin, facts.config) : leaveSlot(id, settings);
  const edits: ConfigEdit[] = [...others.map(({ edit }) => edit), { kind: "set", path: ["plugins", "entries", id, "enabled"], value: wanted === "on" }];
  return { edits, facts: { id, plugin, also: [...new Set(others.map(({ says }) => says))], before }, warnings };
}

interface Also {
  readonly edit: ConfigEdit;
  readonly says: string;
}

/** Out of `deny`, into an `allow` that names others, and into the slot that only one plugin can have. */
function letIn(id: string, plugin: Plugin | undefined, config: LoadedConfig): Also[] {
  const { allow = [], slots } = config.value.plugins ?? {};
  const denied = (writtenTexts(config, ["plugins", "deny"]) ?? []).filter(({ text }) => text === id).toReversed();
  const allowed = writtenTexts(config, ["plugins", "allow"]) ?? [];
  const holder = slots?.memory;
  return [
    ...denied.map(({ index }): Also => ({ edit: { kind: "remove", path: ["plugins", "deny", index] }, says: "taken from plugins.deny" })),
    ...(allow.length === 0 || allow.includes(id)
      ? []
      : [{ edit: { kind: "insert", path: ["plugins", "allow"], index: allowed.length, value: id } as const, says: "added to plugins.allow" }]),
    ...(plugin?.kind !== "memory" || holder === undefined || holder === id
      ? []
      : [{ edit: { kind: "set", path: ["plugins", "slots", "memory"], value: id } as const, says: `put in plugins.slots.memory in place of ${holder}` }]),
  ];
}

/** The plugin that has the memory slot is on, whatever its entry says. */
function leaveSlot(id: string, { slots }: Settings): Also[] {
  if (slots?.memory !== id) return [];
  return [{ edit: { kind: "remove", path: ["plugins", "slots", "memory"] }, says: "taken from plugins.slots.memory" }];
}

function whatKeepsItOff(id: string, plugin: Plugin | undefined, { enabled }: Settings): string[] {
  return [
    ...(enabled === false
      ? [`plugins.enabled is false, so no plugin is loaded, ${id} neither. \`{cli} config set plugins.enabled true\` turns the plugins on.`]
      : []),
    ...(plugin?.status === "error" ? [`The plugin ${id} is broken and cannot be loaded: ${plugin.reason ?? "its manifest cannot be read"}.`] : []),
  ];
}

function notFound(id: string, plugin: Plugin | undefined): string[] {
  return plugin === undefined ? [`No plugin ${id} was found here. It counts if the agent brings it along.`] : [];
}

/** By id, then by name; also one that the config names though it was not found. */
function named(word: string, wanted: "on" | "off", facts: PluginEditFacts): { readonly id: string; readonly plugin: Plugin | undefined } {
  const { plugins } = facts.plugins;
  const same = (text: string): boolean => text.toLowerCase() === word.trim().toLowerCase();
  const matching = plugins.filter(({ id }) => same(id));
  const plugin = matching.find(({ status }) => status !== "error") ?? matching[0] ?? plugins.find(({ name }) => same(name));
  if (plugin !== undefined) return { id: plugin.id, plugin };
  const { entries = {}, deny = [], allow = [] } = facts.config.value.plugins ?? {};
  const mentioned = [...Object.keys(entries), ...deny, ...allow];
  const id = mentioned.find(same);
  if (id !== undefined) return { id, plugin: undefined };
  throw unknownPlugin(word, wanted, { ...facts, known: [...plugins.map((one) => one.id), ...mentioned] });
}

function unknownPlugin(word: string, wanted: "on" | "off", { registry, known }: PluginEditFacts & { readonly known: readonly string[] }): AppError {
  if (looksSecret(word)) return secretRefused("PLUGIN_UNKNOWN", "a plugin");
  const provider = registry.get(registry.idOf(word))?.provider;
  const hint =
    provider === undefined
      ? didYouMean(word, known).trim() ||
        `\`{cli} plugins list\` shows those that were found. For one that the agent brings along: \`{cli} config set 'plugins.entries.<id>.enabled' ${wanted === "on"}\`.`
      : `${provider.id} is a provider. Providers need no turning on: \`{cli} plugins info ${provider.id}\` shows how to log in.`;
  return new AppError("PLUGIN_UNKNOWN", `no plugin "${word.slice(0, 100)}" was found here`, { hint, suggestions: nearest(word, known) });
}
