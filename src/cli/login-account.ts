import type { Broker } from "../broker.ts";
import { expiryOf } from "../credentials/health.ts";
import type { LoginResult } from "../credentials/login/contract.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import { isSameLogin, isSameSecret } from "../credentials/secret-text.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { newProfileId } from "./commands/models/auth/account-id.ts";
import { labelOf } from "./ask-credential.ts";
import type { Talk } from "./talk.ts";

type Received = Extract<LoginResult, { kind: "credential" }>;

export interface NamingLogin {
  readonly broker: Broker;
  readonly talk: Talk;
  readonly provider: ProviderId;
  readonly method: LoginMethod;
  /** As `--profile-id` says. */
  readonly id: ProfileId | undefined;
  readonly yes: boolean;
}

/**
 * What the account is called: as told, else by its address, else by a free name. An account that has logged in before keeps its name, and is the
 * only one that is replaced. A login that was stored already, as when what follows had failed, is that account.
 */
export async function loginProfileId({ email, credential }: Pick<Received, "email" | "credential">, naming: NamingLogin): Promise<ProfileId> {
  const { broker, provider, method, id } = naming;
  if (id !== undefined) return id;
  const own = ownProfiles(broker, provider);
  const same = own.find((profile) => isSameLogin(profile.credential, credential) || isSameSecret(profile.credential, credential));
  if (same !== undefined) return same.id;
  if (email !== undefined) {
    const isSame = (profile: AuthProfile): boolean => profile.email?.toLowerCase() === email.toLowerCase();
    const known = own.find((profile) => isSame(profile) && (profile.credential.kind === "api_key") === (credential.kind === "api_key"));
    const named = namedBy(email, provider);
    return known?.id ?? (own.some((profile) => profile.id === named) ? undefined : named) ?? freeId(isAmong(own), provider, method);
  }
  const before = own.filter((profile) => profile.email === undefined && isOfMethod(profile, method));
  const ended = before.filter((profile) => hasEnded(profile, broker.host.nowMs()));
  if (ended.length === 1 && ended[0] !== undefined) return ended[0].id;
  return before.length > 0 && naming.talk.isInteractive && !naming.yes ? pickAccount(before, own, naming) : freeId(isAmong(own), provider, method);
}

/** Those of the chosen agent's own store. */
function ownProfiles(broker: Broker, provider: ProviderId): AuthProfile[] {
  return broker.credentials().profiles.filter((profile) => profile.provider === provider && profile.origin.kind === "store" && !profile.origin.inherited);
}

/** An address may hold characters that an id cannot have. */
function namedBy(email: string, provider: ProviderId): ProfileId | undefined {
  try {
    return newProfileId(`${provider}:${email}`, provider);
  } catch {
    return undefined;
  }
}

function isOfMethod({ login, credential }: AuthProfile, { id, flow }: LoginMethod): boolean {
  const isKey = credential.kind === "api_key";
  return flow.kind === "openrouter-pkce" || (flow.kind === "program" && login === undefined) ? isKey : login?.method === id;
}

function hasEnded(profile: AuthProfile, nowMs: number): boolean {
  if (profile.login?.needsLogin !== undefined) return true;
  const isRenewed = profile.credential.kind === "oauth" && !profile.credential.refresh.isBlank;
  return !isRenewed && (expiryOf(profile) ?? Number.POSITIVE_INFINITY) <= nowMs;
}

/** `<provider>:default`, or as the method says; then `:2`. */
export function freeId(isTaken: (id: ProfileId) => boolean, provider: ProviderId, { accountName = "default" }: LoginMethod): ProfileId {
  for (let number = 1; ; number += 1) {
    const id = newProfileId(`${provider}:${number === 1 ? accountName : number}`, provider);
    if (!isTaken(id)) return id;
  }
}

function isAmong(own: readonly AuthProfile[]): (id: ProfileId) => boolean {
  const ids = new Set(own.map(({ id }) => id));
  return (id) => ids.has(id);
}

/** The vendor does not say whose account it is; the person knows. */
function pickAccount(before: readonly AuthProfile[], own: readonly AuthProfile[], { broker, talk, provider, method }: NamingLogin): Promise<ProfileId> {
  const another = freeId(isAmong(own), provider, method);
  return talk.choose(
    `${labelOf(broker, provider)} does not say whose account this is. Is it one of these?`,
    [
      { value: another, label: `No, add it as ${another}` },
      ...before.map(({ id }) => ({ value: id, label: `Yes, replace ${id}`, hint: fingerprintIn(broker, id) })),
    ],
    { instead: "Give --profile-id." },
  );
}

function fingerprintIn(broker: Broker, id: ProfileId): string {
  const { profiles, fingerprintOf } = broker.credentials();
  const profile = profiles.find((known) => known.id === id);
  return profile === undefined ? "" : fingerprintOf(profile);
}
