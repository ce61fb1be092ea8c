import { type ModelRef, refText } from "../catalog/model-ref.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { expected } from "../kernel/errors.ts";
import type { Chain } from "./chain.ts";

/** A list that keeps fallbacks out. The default model and a model that is asked for by name are never kept out. */
export interface Allowlist {
  readonly keyPath: KeyPath;
  allows(ref: ModelRef): boolean;
}

/**
 * Only where the config says so: `agents.defaults.modelPolicy.allow` (references, aliases, `provider/*`), or `agents.defaults.models` where
 * `signalbox.legacyAllowlist` is true. An empty list keeps nothing out.
 */
export function readAllowlist(config: LoadedConfig, resolve: Chain["resolve"]): Allowlist | undefined {
  const { modelPolicy, models = {} } = config.value.agents?.defaults ?? {};
  const isLegacy = config.value.signalbox?.legacyAllowlist === true;
  const written = modelPolicy?.allow ?? (isLegacy ? Object.keys(models) : []);
  if (written.length === 0) return undefined;
  const refs = new Set(written.flatMap((text) => refTextOf(text, resolve)));
  return {
    keyPath: ["agents", "defaults", ...(modelPolicy?.allow === undefined ? ["models"] : ["modelPolicy", "allow"])],
    allows: (ref) => refs.has(refText(ref)) || refs.has(`${ref.provider}/*`),
  };
}

/** One that leads nowhere allows nothing. */
function refTextOf(text: string, resolve: Chain["resolve"]): string[] {
  try {
    return [refText(resolve(text).ref)];
  } catch (thrown) {
    expected(thrown);
    return [];
  }
}
