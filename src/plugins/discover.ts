import type { Problem } from "../kernel/problem.ts";
import type { Plugin } from "./plugin.ts";
import { readPlugin } from "./read-plugin.ts";
import { findCandidates, type PluginFacts, type PluginSearch, workspaceOf } from "./search.ts";
import { withoutTakeovers } from "./takeovers.ts";
import { unknownNames } from "./unknown-names.ts";

/** Looks into a few folders and reads the manifests that are there; runs nothing. The first plugin of an id counts. */
export function discoverPlugins(search: PluginSearch): PluginFacts {
  const workspaceDir = workspaceOf(search);
  const { candidates, problems } = findCandidates(search, workspaceDir);
  const plugins: Plugin[] = [];
  const byId = new Map<string, Plugin>();
  for (const candidate of candidates) {
    const { plugin, problem } = readPlugin(candidate, search);
    const rival = plugin.status === "error" ? undefined : byId.get(plugin.id);
    if (problem !== undefined) problems.push(problem);
    if (rival !== undefined) problems.push(overridden(plugin, rival));
    else if (plugin.status !== "error") byId.set(plugin.id, plugin);
    plugins.push(
      rival === undefined ? plugin : { ...plugin, status: "disabled", reason: `overridden by the ${rival.origin} plugin of the same id`, providers: [] },
    );
  }
  const known = new Set(plugins.map(({ id }) => id));
  const rest = withoutTakeovers(plugins, search.vendors);
  return { workspaceDir, plugins: rest.plugins, problems: [...problems, ...rest.problems, ...unknownNames(search.config, known)] };
}

function overridden(plugin: Plugin, rival: Plugin): Problem {
  return {
    code: "PLUGIN_DUPLICATE",
    severity: "note",
    subject: `plugin ${plugin.id}`,
    message: `${plugin.id} is installed more than once; ${rival.source} counts, and ${plugin.source} does not`,
    hint: "Remove the one that you do not use.",
    ...(plugin.place !== undefined && { place: plugin.place }),
  };
}
