import type { Broker } from "../../../broker.ts";
import type { Problem } from "../../../kernel/problem.ts";
import type { PluginFacts } from "../../../plugins/search.ts";
import { withSetAside } from "../../../plugins/set-aside.ts";

/** With those that wait to be brought back, which nobody can use. */
export function allPlugins({ host, names, plugins, config }: Broker): PluginFacts {
  return withSetAside(plugins(), { host, names, config: config() });
}

/** Those of plugins, and of names that two providers claim. */
export function pluginProblems(broker: Broker): Problem[] {
  return [...allPlugins(broker).problems, ...broker.registry().problems].filter(({ code }) => code.startsWith("PLUGIN_"));
}
