import type { Config } from "../config/schema.ts";
import type { PluginOrigin } from "./candidates.ts";

type PluginSettings = NonNullable<Config["plugins"]>;

/** `unasked`: it lies where plugins are found, and nobody said here that it may be used. */
export type Footing = PluginOrigin | "unasked";

/** Whether an agent would load a plugin, and what decided. */
export interface Enablement {
  readonly isOn: boolean;
  readonly reason: string;
}

/** Those that an agent brings along and that need no word in the config. The other bundled ones wait for one. */
const BUNDLED_AND_ON = new Set(["device-pair", "phone-control", "talk-voice"]);

/** The first rule that applies decides. */
const RULES: readonly ((id: string, footing: Footing, settings: PluginSettings) => Enablement | undefined)[] = [
  (_id, _footing, { enabled }) => (enabled === false ? off("plugins.enabled is false: no plugin is loaded") : undefined),
  (id, _footing, { deny }) => (deny?.includes(id) ? off("named in plugins.deny") : undefined),
  (id, _footing, { allow = [] }) => (allow.length > 0 && !allow.includes(id) ? off("not named in plugins.allow, which names others") : undefined),
  (id, _footing, { slots }) => (slots?.memory === id ? on("has the memory slot (plugins.slots.memory)") : undefined),
  (id, _footing, { entries }) => ofEntry(id, entries),
  (id, footing) => (footing === "bundled" && !BUNDLED_AND_ON.has(id) ? off("bundled plugins are off until plugins.entries turns them on") : undefined),
  (_id, footing) => (footing === "unasked" ? off("nobody agreed to it here") : undefined),
];

export function enablement(id: string, footing: Footing, settings: PluginSettings = {}): Enablement {
  for (const rule of RULES) {
    const decided = rule(id, footing, settings);
    if (decided !== undefined) return decided;
  }
  return on("nothing in the config says otherwise");
}

function ofEntry(id: string, entries: PluginSettings["entries"] = {}): Enablement | undefined {
  const enabled = Object.hasOwn(entries, id) ? entries[id]?.enabled : undefined;
  if (enabled === undefined) return undefined;
  return enabled ? on(`plugins.entries.${id}.enabled is true`) : off(`plugins.entries.${id}.enabled is false`);
}

function on(reason: string): Enablement {
  return { isOn: true, reason };
}

function off(reason: string): Enablement {
  return { isOn: false, reason };
}
