import type { PluginVerb } from "../provider/plugin-provider.ts";
import type { RegisteredProvider } from "../provider/registry.ts";
import { answers, type Askable } from "./ask-program.ts";
import type { Plugin } from "./plugin.ts";

/** A plugin with a program. */
export type AskedPlugin = Plugin & Askable;

/** The plugin whose program answers for a provider; undefined where none does, and where the config has its own word on the provider. */
export function programFor({ provider, origin }: RegisteredProvider, plugins: readonly Plugin[], verb: PluginVerb): AskedPlugin | undefined {
  const plugin = plugins.find(
    (one) => origin.kind === "plugin" && one.id === origin.pluginId && one.providers.some(({ id }) => id === provider.id) && answers(one, verb),
  );
  return plugin?.program === undefined ? undefined : { ...plugin, program: plugin.program };
}
