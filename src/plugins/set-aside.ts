import { readBesideName } from "../kernel/plugin-machine.ts";
import type { Problem } from "../kernel/problem.ts";
import { NEUTRAL_MANIFEST } from "./candidates.ts";
import type { Plugin } from "./plugin.ts";
import { type PluginReading, readPlugin } from "./read-plugin.ts";
import type { PluginFacts } from "./search.ts";
import { unknownNames } from "./unknown-names.ts";

/** With those, each as broken, that an update which was cut off left beside their places: no search finds them there, and the next update brings them back. */
export function withSetAside(facts: PluginFacts, reading: PluginReading): PluginFacts {
  const { host, config } = reading;
  const parent = host.paths.join(config.stateDir, "extensions");
  const names = host.listFolder(parent).map(({ name }) => name);
  const aside = new Map<string, Plugin>();
  for (const entry of names) {
    const { name: id, kind } = readBesideName(entry) ?? {};
    if (id !== undefined && kind === "old" && !names.includes(id)) aside.set(id, setAside(id, host.paths.join(parent, entry), reading));
  }
  if (aside.size === 0) return facts;
  const plugins = [...facts.plugins, ...aside.values()];
  const others = facts.problems.filter(({ code }) => code !== "PLUGIN_UNKNOWN");
  return { ...facts, plugins, problems: [...others, ...[...aside.values()].map(problemOf), ...unknownNames(config, new Set(plugins.map(({ id }) => id)))] };
}

function setAside(id: string, folder: string, reading: PluginReading): Plugin {
  const manifest = reading.host.paths.join(folder, NEUTRAL_MANIFEST);
  const { plugin } = readPlugin({ idHint: id, source: manifest, folder, manifest, origin: "global" }, reading);
  return { ...plugin, id, status: "error", reason: "an update that was cut off set it aside", providers: [] };
}

function problemOf({ id, folder, reason }: Plugin): Problem {
  return {
    code: "PLUGIN_CHANGED",
    severity: "error",
    subject: `plugin ${id}`,
    message: `the plugin ${id} is left out: ${reason}`,
    hint: `\`{cli} plugins update ${id}\` brings it back.`,
    place: { file: folder },
  };
}
