import type { Host } from "../kernel/host.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Problem } from "../kernel/problem.ts";
import type { PluginProvider } from "../provider/plugin-provider.ts";
import { type Askable, askProgram } from "./ask-program.ts";
import type { Plugin } from "./plugin.ts";

/** What a program has to agree with its manifest in. */
export interface Described extends Askable {
  readonly describes: readonly PluginProvider[];
}

/** Asks a program who it is. undefined when it says what its manifest says; else why it is not to be used, going on from its name. */
export async function faultOfProgram(host: Host, plugin: Described): Promise<string | undefined> {
  const reply = await askProgram(host, plugin, { verb: "describe" });
  return reply.kind === "failed" ? reply.why : contradiction(plugin, reply.answer);
}

/** One row for each program of a plugin that is on and does not answer as it should. */
export async function programProblems(host: Host, plugins: readonly Plugin[]): Promise<Problem[]> {
  const rows = await Promise.all(
    plugins.map(async (plugin): Promise<Problem[]> => {
      const { program } = plugin;
      if (program === undefined || plugin.status !== "enabled") return [];
      const fault = await faultOfProgram(host, { ...plugin, program });
      return fault === undefined ? [] : [failing(plugin, fault)];
    }),
  );
  return rows.flat();
}

/** What it says must be what was agreed to: it may leave things out, not add any. */
function contradiction(plugin: Described, answer: Readonly<Record<string, unknown>>): string | undefined {
  const { id, verbs = [], providers = [] } = answer;
  if (id !== plugin.id) return "calls itself by another name than its manifest";
  if (!isList(verbs) || verbs.some((verb) => !plugin.program.verbs.some((known) => known === verb))) return "claims verbs that its manifest does not name";
  if (!isList(providers)) return 'answers with "providers" that are no list';
  for (const provider of providers) {
    const { id: claimed, baseUrl } = objectAt(provider) ?? {};
    const known = plugin.describes.find((one) => one.id === claimed);
    if (known === undefined) return "claims a provider that its manifest does not name";
    if (baseUrl !== undefined && baseUrl !== known.baseUrl) return `claims another address for ${known.id} than its manifest`;
  }
  return undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function failing({ id, place }: Plugin, fault: string): Problem {
  return {
    code: "PLUGIN_FAILED",
    severity: "error",
    subject: `plugin ${id}`,
    message: `the program of the plugin ${id} ${fault}`,
    hint: `Update it, or turn it off: \`{cli} plugins disable ${id}\`. Its providers go on with what its manifest says.`,
    ...(place !== undefined && { place }),
  };
}
