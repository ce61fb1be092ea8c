import type { ConfigEdit } from "../config/config-edit.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { writtenTexts } from "../config/written-text.ts";
import type { Host } from "../kernel/host.ts";
import type { Plugin } from "./plugin.ts";

/** Takes everything out of the config that is about one plugin. A list of the only ones allowed keeps its last id: empty it would allow all. */
export function planForgetting({ id, folder }: Pick<Plugin, "id" | "folder">, config: LoadedConfig, host: Host): ConfigEdit[] {
  const { entries = {}, installs = {}, allow = [], slots } = config.value.plugins ?? {};
  return [
    ...(Object.hasOwn(entries, id) ? [{ kind: "remove", path: ["plugins", "entries", id] } as const] : []),
    ...(Object.hasOwn(installs, id) ? [{ kind: "remove", path: ["plugins", "installs", id] } as const] : []),
    ...(slots?.memory === id ? [{ kind: "remove", path: ["plugins", "slots", "memory"] } as const] : []),
    ...(allow.every((allowed) => allowed === id) ? [] : removals(config, ["plugins", "allow"], (text) => text === id)),
    ...removals(config, ["plugins", "deny"], (text) => text === id),
    ...removals(config, ["plugins", "load", "paths"], (text) => text !== undefined && pathOf(text, config, host) === folder),
  ];
}

/** From the last one, so that positions stay right. */
function removals(config: LoadedConfig, path: readonly string[], isMeant: (text: string | undefined) => boolean): ConfigEdit[] {
  return (writtenTexts(config, path) ?? [])
    .filter(({ text }) => isMeant(text))
    .toReversed()
    .map(({ index }): ConfigEdit => ({ kind: "remove", path: [...path, index] }));
}

function pathOf(text: string, { homeDir }: LoadedConfig, { paths }: Host): string {
  return text.startsWith("~/") ? paths.join(homeDir, text.slice(2)) : paths.resolve(text);
}
