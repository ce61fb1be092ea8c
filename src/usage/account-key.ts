import type { LoadedConfig } from "../config/loaded-config.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { type ConfiguredAuth, configuredAuth } from "../credentials/configured-auth.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { KnownAccount } from "./windows.ts";

export interface AccountFacts {
  readonly config: LoadedConfig;
  readonly registry: ProviderRegistry;
  readonly credentials: Pick<CredentialFacts, "profiles" | "fingerprintOf">;
}

/** Every account, as what is kept of it is told from what is kept of others. */
export function knownAccounts({ config, registry, credentials }: AccountFacts): KnownAccount[] {
  const configured = configuredAuth(config, registry);
  return credentials.profiles.map((profile) => ({
    profileId: profile.id,
    provider: profile.provider,
    account: accountKey(profile, credentials, configured),
  }));
}

/** Access tokens change with each renewal, and the account stays the same. */
export function accountKey(profile: AuthProfile, credentials: Pick<CredentialFacts, "fingerprintOf">, configured: ConfiguredAuth): string {
  if (profile.credential.kind !== "oauth") return credentials.fingerprintOf(profile);
  return configured.profiles.get(profile.id)?.email ?? profile.email ?? "";
}
