import type { LoadedConfig } from "../config/loaded-config.ts";
import { type ProfileId, type ProviderId, toProfileId } from "../kernel/ids.ts";
import type { ProviderRegistry } from "../provider/registry.ts";

/** What the config says of profiles, without their secrets. */
export interface ConfiguredAuth {
  readonly profiles: ReadonlyMap<ProfileId, ConfiguredProfile>;
  readonly order: ReadonlyMap<ProviderId, readonly ProfileId[]>;
}

export interface ConfiguredProfile {
  readonly provider: ProviderId;
  readonly mode: "api_key" | "oauth" | "token";
  readonly email?: string;
}

/** The section `auth`, with provider ids as the registry knows them. */
export function configuredAuth(config: LoadedConfig, registry: ProviderRegistry): ConfiguredAuth {
  const { profiles = {}, order = {} } = config.value.auth ?? {};
  return {
    profiles: new Map(Object.entries(profiles).map(([id, entry]) => [toProfileId(id), { ...entry, provider: registry.idOf(entry.provider) }])),
    order: new Map(Object.entries(order).map(([provider, ids]) => [registry.idOf(provider), cleaned(ids)])),
  };
}

function cleaned(ids: readonly string[]): ProfileId[] {
  return [...new Set(ids.map((id) => id.trim()))].filter((id) => id !== "").map(toProfileId);
}
