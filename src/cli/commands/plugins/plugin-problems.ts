import type { Broker } from "../../../broker.ts";
import type { Problem } from "../../../kernel/problem.ts";

/** Those of plugins, and of names that two providers claim. */
export function pluginProblems(broker: Broker): Problem[] {
  return [...broker.plugins().problems, ...broker.registry().problems].filter(({ code }) => code.startsWith("PLUGIN_"));
}
