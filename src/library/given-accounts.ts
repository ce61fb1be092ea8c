import type { LoadedConfig } from "../config/loaded-config.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { licensed } from "../credentials/licence.ts";
import type { AuthProfile, Credential } from "../credentials/profile.ts";
import { toSecret } from "../credentials/secret-text.ts";
import { AppError } from "../kernel/errors.ts";
import { type ProviderId, toProfileId } from "../kernel/ids.ts";
import type { ProviderRegistry } from "../provider/registry.ts";

/**
 * Secrets by provider (`groq`) or by account (`groq:work`); those of one provider are asked in the order in which they stand here. A text is an API key.
 * What is given for a provider is all that there is for it: neither its variables nor its stored accounts count.
 */
export type GivenCredentials = Readonly<Record<string, string | GivenToken>>;

/** A token that travels as `Authorization: Bearer`, whoever made it. */
export interface GivenToken {
  readonly token: string;
  /** Milliseconds since 1970; without it the token counts as good until a vendor says otherwise. */
  readonly expiresAtMs?: number;
}

/** Accounts in memory, as if they had been found. Throws PROVIDER_UNKNOWN, CREDENTIAL_SHAPE. */
export function givenAccounts(given: GivenCredentials, registry: ProviderRegistry, config: LoadedConfig): AuthProfile[] {
  return Object.entries(given).map(([name, value]) => {
    const [written = "", ...account] = name.split(":");
    const provider = registry.idOf(written);
    if (registry.get(provider) === undefined) {
      throw new AppError("PROVIDER_UNKNOWN", `a credential is given for "${written.slice(0, 60)}", and no provider has that id`, {
        hint: "Write the provider's id, or the id and a name of your own: `groq`, `groq:work`.",
      });
    }
    const id = toProfileId(account.length === 0 ? `${provider}:given` : `${provider}:${account.join(":")}`);
    return licensed({ id, provider, origin: { kind: "given" }, credential: credentialOf(name, value) }, config);
  });
}

/** A variable that is not set is the usual reason why there is nothing. */
function credentialOf(name: string, value: string | GivenToken | null | undefined): Credential {
  const text = typeof value === "string" ? value : value?.token;
  if (value === undefined || value === null || typeof text !== "string" || text.trim() === "")
    throw new AppError("CREDENTIAL_SHAPE", `the credential given for ${name.slice(0, 60)} is empty`, { hint: "Give the key as a text, or { token }." });
  if (typeof value === "string") return { kind: "api_key", key: toSecret(text) };
  return { kind: "token", token: toSecret(text), ...(value.expiresAtMs !== undefined && { expiresAtMs: value.expiresAtMs }) };
}

/** For the providers that were given something, nothing else counts. */
export function withGiven(facts: CredentialFacts, given: readonly AuthProfile[]): CredentialFacts {
  if (given.length === 0) return facts;
  const providers = new Set<ProviderId>(given.map(({ provider }) => provider));
  const ids = (provider: ProviderId) => given.filter((profile) => profile.provider === provider).map(({ id }) => id);
  return {
    ...facts,
    profiles: [...given, ...facts.profiles.filter(({ provider }) => !providers.has(provider))],
    storeOrder: new Map([...facts.storeOrder, ...[...providers].map((provider) => [provider, ids(provider)] as const)]),
  };
}
