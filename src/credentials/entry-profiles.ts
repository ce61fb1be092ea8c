import type { LoadedConfig } from "../config/loaded-config.ts";
import { type ProviderId, toProfileId, toProviderId } from "../kernel/ids.ts";
import type { CustomProvider, ProviderRegistry } from "../provider/registry.ts";
import type { AuthProfile, Origin } from "./profile.ts";
import { cleaned, toSecret } from "./secret-text.ts";

/** The keys that entries of `models.providers` and of models.json carry: `config:<provider>` and `models.json:<provider>`. */
export function entryProfiles(registry: ProviderRegistry, config: LoadedConfig): AuthProfile[] {
  const profiles = new Map<string, AuthProfile>();
  for (const { provider, custom } of registry.customised) {
    for (const entry of custom) {
      const profile = entryProfile(toProviderId(provider.id), entry, config);
      if (profile !== undefined && !profiles.has(profile.id)) profiles.set(profile.id, profile);
    }
  }
  return [...profiles.values()];
}

function entryProfile(provider: ProviderId, entry: CustomProvider, config: LoadedConfig): AuthProfile | undefined {
  const origin = originOf(entry, config);
  const variable = entry.keyVariable === undefined ? undefined : config.environment.get(entry.keyVariable)?.value;
  const secret = entry.apiKey === undefined ? toSecret(variable ?? "") : cleaned(entry.apiKey);
  if (origin === undefined || secret.isBlank) return undefined;
  const isToken = entry.authMode === "oauth" || entry.authMode === "token";
  return {
    id: toProfileId(`${origin.kind}:${provider}`),
    provider,
    origin,
    credential: isToken ? { kind: "token", token: secret } : { kind: "api_key", key: secret },
  };
}

/** Plugins bring no keys. Of a config in one file nobody needs to ask where its entries stand. */
function originOf({ origin }: CustomProvider, config: LoadedConfig): Origin | undefined {
  if (origin.kind === "models.json") return { kind: "models.json", file: origin.file };
  if (origin.kind !== "config") return undefined;
  return {
    kind: "config",
    file: (config.files.length > 1 ? origin.place?.file : undefined) ?? config.path,
    get place() {
      return origin.place;
    },
  };
}
