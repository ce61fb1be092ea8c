import type { Broker } from "../broker.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import { goodToken } from "../library/account-token.ts";
import { refreshInputOf } from "./refresh-input.ts";
import type { Talk } from "./talk.ts";
import type { HandedToken } from "./token-formats.ts";

/** A token of one account that is good now. Throws VENDOR_TOOL_ONLY, and why there is none. */
export async function tokenOf(broker: Broker, profile: AuthProfile, command: string, talk: Talk): Promise<HandedToken> {
  const asking = { refreshing: refreshInputOf(broker, command, talk), isInteractive: talk.isInteractive };
  const { handed, expiresAtMs } = await goodToken(broker, profile, asking);
  return { profileId: profile.id, token: handed.token, header: handed.header, variable: variableOf(broker, profile), expiresAtMs };
}

/** Where other programs look for it. */
function variableOf(broker: Broker, { provider, credential, origin }: AuthProfile): string | undefined {
  if (origin.kind === "env") return origin.variable;
  const registered = broker.registry().get(provider);
  const own = registered?.custom.find(({ keyVariable }) => keyVariable !== undefined)?.keyVariable;
  const methods = registered?.provider.auth.flatMap((method) => ("env" in method ? [method] : [])) ?? [];
  return own ?? methods.find(({ kind }) => kind === credential.kind)?.env[0] ?? methods.find(({ kind }) => kind === "api_key")?.env[0];
}
