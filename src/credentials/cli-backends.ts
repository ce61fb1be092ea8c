import type { LoadedConfig } from "../config/loaded-config.ts";
import { type ProviderId, toProviderId } from "../kernel/ids.ts";

/** Programs of this machine that answer as if they were a provider, with a login of their own. Installations have these two without naming them. */
const ALWAYS = ["claude-cli", "codex-cli"];

/** The two above and the keys of `agents.defaults.cliBackends`. */
export function cliBackends(config: LoadedConfig): ReadonlySet<ProviderId> {
  const named = Object.keys(config.value.agents?.defaults?.cliBackends ?? {});
  return new Set([...ALWAYS, ...named].map(toProviderId));
}
