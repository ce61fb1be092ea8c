import { unknownProvider } from "../catalog/resolve.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { ProviderRegistry } from "../provider/registry.ts";

/** Whom to ask; both given narrow each other down. */
export interface AccountChoice {
  readonly provider?: string;
  readonly profileIds?: readonly string[];
}

export interface ChosenAccounts {
  readonly provider?: ProviderId;
  readonly profileIds: readonly string[];
}

interface KnownAccounts {
  readonly registry: ProviderRegistry;
  readonly credentials: Pick<CredentialFacts, "profiles">;
}

/** Throws PROVIDER_UNKNOWN and PROFILE_UNKNOWN before anybody is asked. */
export function chosenAccounts({ provider: named, profileIds = [] }: AccountChoice, { registry, credentials }: KnownAccounts): ChosenAccounts {
  const provider = named === undefined ? undefined : registry.idOf(named);
  if (named !== undefined && provider !== undefined && registry.get(provider) === undefined) throw unknownProvider(named, registry);
  const ids = credentials.profiles.map(({ id }): string => id);
  const unknown = profileIds.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new AppError("PROFILE_UNKNOWN", `there is no account "${unknown}"`, { hint: `${didYouMean(unknown, ids)} See \`{cli} models auth list\`.`.trim() });
  return { ...(provider !== undefined && { provider }), profileIds };
}
