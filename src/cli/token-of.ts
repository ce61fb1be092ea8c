import type { Broker } from "../broker.ts";
import { handOut } from "../credentials/authorize.ts";
import { expiryOf, isBlank } from "../credentials/health.ts";
import { isVendorToolOnly } from "../credentials/authorize.ts";
import { awaitsLookup, type AuthProfile, type Credential } from "../credentials/profile.ts";
import { unresolvedText } from "../credentials/passed-over.ts";
import { freshCredential } from "../credentials/refresh/fresh-credential.ts";
import { AppError } from "../kernel/errors.ts";
import { followedSecret } from "../probe/secret-of.ts";
import { labelOf } from "./ask-credential.ts";
import { refreshInputOf } from "./refresh-input.ts";
import type { Talk } from "./talk.ts";
import type { HandedToken } from "./token-formats.ts";

/** A token of one account that is good now. Throws VENDOR_TOOL_ONLY, and why there is none. */
export async function tokenOf(broker: Broker, profile: AuthProfile, command: string, talk: Talk): Promise<HandedToken> {
  refuseVendorToolOnly(broker, profile, profile.credential);
  const { credential, expiresAtMs } = await usable(broker, profile, command, talk);
  refuseVendorToolOnly(broker, profile, credential);
  const registered = broker.registry().get(profile.provider);
  const handed = handOut(credential, registered?.provider ?? { protocol: "openai-chat", quirks: {} });
  if (handed.kind === "withheld") throw new AppError("CREDENTIAL_SHAPE", `the secret of ${profile.id} ${handed.why}`, { hint: "Store it anew." });
  const { token, header } = handed;
  return { profileId: profile.id, token, header, variable: variableOf(broker, profile), expiresAtMs };
}

interface Usable {
  readonly credential: Credential;
  readonly expiresAtMs: number | undefined;
}

async function usable(broker: Broker, profile: AuthProfile, command: string, talk: Talk): Promise<Usable> {
  if (profile.unresolved !== undefined)
    throw new AppError("REFERENCE_UNRESOLVED", `${profile.id} ${unresolvedText(profile)}`, { hint: profile.unresolvedHint ?? "See `{cli} doctor`." });
  const fresh = await freshCredential(refreshInputOf(broker, command, talk), profile);
  if (fresh.kind === "unusable") throw new AppError(fresh.problem.code, fresh.problem.message, { hint: fresh.problem.hint });
  if (fresh.problem !== undefined && fresh.problem.code !== "TOKENS_UNSAVED") talk.warn(`${fresh.problem.message}. ${fresh.problem.hint}`);
  if (isBlank(fresh.profile.credential) && !awaitsLookup(fresh.profile))
    throw new AppError("CREDENTIAL_MISSING", `${profile.id} holds no secret`, { hint: `See \`{cli} models auth show ${profile.id}\`.` });
  const asking = { host: broker.host, homeDir: broker.homeDir(), isInteractive: talk.isInteractive, withheld: broker.registry().variables };
  const followed = await followedSecret(fresh.profile, asking);
  if (followed.kind === "unresolved") throw new AppError("REFERENCE_UNRESOLVED", `${profile.id}: ${followed.says.error}`, { hint: followed.says.hint });
  return { credential: followed.credential ?? fresh.profile.credential, expiresAtMs: expiryOf(fresh.profile) };
}

/** Names what is permitted instead. */
function refuseVendorToolOnly(broker: Broker, { id, provider }: AuthProfile, credential: Credential): void {
  if (!isVendorToolOnly(credential)) return;
  const vendor = labelOf(broker, provider);
  throw new AppError("VENDOR_TOOL_ONLY", `${id} is handed to nobody: its licence allows it in ${vendor}'s own program only`, {
    hint: `Use it in that program, or add a key that other programs may use: \`{cli} models auth paste-api-key --provider ${provider}\`. If an agreement of your own says otherwise: \`{cli} config set 'signalbox.licences["${id}"]' own-client\`.`,
  });
}

/** Where other programs look for it. */
function variableOf(broker: Broker, { provider, credential, origin }: AuthProfile): string | undefined {
  if (origin.kind === "env") return origin.variable;
  const registered = broker.registry().get(provider);
  const own = registered?.custom.find(({ keyVariable }) => keyVariable !== undefined)?.keyVariable;
  const methods = registered?.provider.auth.flatMap((method) => ("env" in method ? [method] : [])) ?? [];
  return own ?? methods.find(({ kind }) => kind === credential.kind)?.env[0] ?? methods.find(({ kind }) => kind === "api_key")?.env[0];
}
