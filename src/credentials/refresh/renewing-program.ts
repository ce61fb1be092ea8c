import type { ProviderId } from "../../kernel/ids.ts";
import { type AskedPlugin, programFor } from "../../plugins/program-for.ts";
import type { PluginFacts } from "../../plugins/search.ts";
import type { ProviderRegistry } from "../../provider/registry.ts";

/** The plugin whose program renews logins of a provider, as things stand now. */
export function renewingProgram(
  provider: ProviderId,
  facts: { registry(): Pick<ProviderRegistry, "get">; plugins(): Pick<PluginFacts, "plugins"> },
): AskedPlugin | undefined {
  const registered = facts.registry().get(provider);
  return registered === undefined ? undefined : programFor(registered, facts.plugins().plugins, "refresh");
}
