import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import { isVendorToolOnly } from "./authorize.ts";
import { isKeyPair } from "./aws-pair.ts";
import type { CredentialFacts } from "./collect.ts";
import type { ConfiguredAuth } from "./configured-auth.ts";
import type { Cooldown } from "./cooldown.ts";
import { expiryOf, isBlank, isRefreshable, isRenewedHere } from "./health.ts";
import { type AuthProfile, awaitsLookup, type Credential } from "./profile.ts";
import { isSameSecret } from "./secret-text.ts";

/** Which list decides: the store's `order`, the config's `auth.order`, the profiles that the config names, or all that are stored. */
export type DecidedBy = "store-order" | "config-order" | "config-profiles" | "stored-profiles";

/** Why a profile is not asked now. */
export type PassedOverReason =
  /** Listed, but no such profile is stored. */
  | "unknown"
  /** Listed for one provider, stored for another. */
  | "other-provider"
  /** The config names another provider or kind than the store. */
  | "mismatch"
  | "blank"
  /** Its reference leads to no secret. */
  | "unresolved"
  | "expired"
  /** Its licence allows it in its vendor's own program alone: it is sent to nobody. */
  | "vendor-tool-only"
  /** A pair of AWS keys, which sign: requests from here take a Bedrock API key. */
  | "key-pair"
  /** The explicit order does not list it. */
  | "not-in-order"
  /** The config names some profiles of the provider, and not this one. */
  | "hidden"
  /** From the environment or an entry, and the same secret as one that is asked before it. */
  | "duplicate"
  | "cooling";

export interface PassedOver {
  readonly profileId: ProfileId;
  /** undefined where no such profile is stored. */
  readonly profile?: AuthProfile;
  readonly reason: PassedOverReason;
  /** For `cooling`. */
  readonly cooldown?: Cooldown;
  /** For `duplicate`: the profile that is asked in its place. */
  readonly sameAs?: ProfileId;
  /** For `mismatch`: what the config says, as "provider/mode". */
  readonly configured?: string;
}

/** Whom to ask at one provider, in order, and whom not. */
export interface Rotation {
  readonly provider: ProviderId;
  readonly decidedBy: DecidedBy;
  /** The list that decides, as written; undefined for the orders that we make. */
  readonly explicit?: readonly ProfileId[];
  readonly candidates: readonly AuthProfile[];
  /** Those that rest first, the soonest to return before the others. */
  readonly passedOver: readonly PassedOver[];
}

export type OrderFacts = Pick<CredentialFacts, "profiles" | "cooldowns" | "storeOrder" | "lastUsedMs">;

/** Logins, then tokens, then keys: what is paid for already comes before what costs with each call. */
export const BY_KIND: Readonly<Record<Credential["kind"], number>> = { oauth: 0, token: 1, api_key: 2 };

/** Pure. What is stored comes first, then the environment, then the keys in the config and in models.json. */
export function rotationOf(provider: ProviderId, facts: OrderFacts, configured: ConfiguredAuth, nowMs: number): Rotation {
  const own = facts.profiles.filter((profile) => profile.provider === provider);
  const stored = own.filter(({ origin }) => origin.kind === "store");
  const { decidedBy, listed } = baseList(provider, stored, facts, configured);
  const explicit = decidedBy === "store-order" || decidedBy === "config-order";
  const byId = new Map(facts.profiles.map((profile) => [profile.id, profile]));
  const coolingOf = new Map(facts.cooldowns.map((cooldown) => [cooldown.profileId, cooldown]));
  const judgeOne = (id: ProfileId): Verdict => judge(id, byId.get(id), provider, configured, coolingOf, nowMs);
  const fromList = listed.map(judgeOne);
  const others = own.filter(({ id, origin }) => origin.kind !== "store" && !listed.includes(id)).map(({ id }) => judgeOne(id));
  const afterList = withoutDuplicates(fromList, others);
  const asked = fromList.flatMap(readyIn);
  return {
    provider,
    decidedBy,
    ...(explicit && { explicit: listed }),
    candidates: [...(explicit ? asked : inTurn(asked, facts)), ...afterList.flatMap(readyIn)],
    passedOver: [...soonestFirst([...fromList, ...afterList].flatMap(passedIn)), ...leftOut(stored, listed, explicit ? "not-in-order" : "hidden")],
  };
}

/** Of a reference that names one account. The router asks that one also where a list leaves it out, and nobody else in its place. */
export function pinnedRotation(rotation: Rotation, pinned: ProfileId, { profiles }: Pick<OrderFacts, "profiles">, nowMs: number): Rotation {
  const ready = rotation.candidates.filter(({ id }) => id === pinned);
  if (ready.length > 0) return { ...rotation, candidates: ready, passedOver: [] };
  const known = rotation.passedOver.find(({ profileId }) => profileId === pinned);
  const profile = profiles.find(({ id }) => id === pinned);
  if (profile === undefined) return { ...rotation, candidates: [], passedOver: [known ?? { profileId: pinned, reason: "unknown" }] };
  const isOutOfTurn = known?.reason === "not-in-order" || known?.reason === "hidden" || known?.reason === "duplicate";
  const reason = isOutOfTurn ? faultOf(profile, nowMs) : (known?.reason ?? "other-provider");
  if (reason === undefined) return { ...rotation, candidates: [profile], passedOver: [] };
  return { ...rotation, candidates: [], passedOver: [{ ...known, profileId: pinned, profile, reason }] };
}

function baseList(
  provider: ProviderId,
  stored: readonly AuthProfile[],
  { storeOrder }: OrderFacts,
  configured: ConfiguredAuth,
): { decidedBy: DecidedBy; listed: readonly ProfileId[] } {
  const ofStore = storeOrder.get(provider);
  if (ofStore !== undefined) return { decidedBy: "store-order", listed: ofStore };
  const ofConfig = configured.order.get(provider);
  if (ofConfig !== undefined) return { decidedBy: "config-order", listed: ofConfig };
  const named = [...configured.profiles].filter(([, profile]) => profile.provider === provider).map(([id]) => id);
  if (named.length > 0) return { decidedBy: "config-profiles", listed: named };
  return { decidedBy: "stored-profiles", listed: stored.map(({ id }) => id) };
}

type Verdict = { readonly ready: AuthProfile } | PassedOver;

function readyIn(verdict: Verdict): AuthProfile[] {
  return "ready" in verdict ? [verdict.ready] : [];
}

function passedIn(verdict: Verdict): PassedOver[] {
  return "ready" in verdict ? [] : [verdict];
}

/** A variable often holds what is stored or written in an entry as well: asked once, it need not be asked again, nor while it rests. */
function withoutDuplicates(earlier: readonly Verdict[], later: readonly Verdict[]): Verdict[] {
  const known = earlier.flatMap((verdict) => answering(verdict) ?? []);
  return later.map((verdict) => {
    const profile = answering(verdict);
    if (profile === undefined) return verdict;
    const same = known.find(({ credential }) => isSameSecret(credential, profile.credential));
    known.push(profile);
    return same === undefined ? verdict : { profileId: profile.id, profile, reason: "duplicate", sameAs: same.id };
  });
}

function answering(verdict: Verdict): AuthProfile | undefined {
  if ("ready" in verdict) return verdict.ready;
  return verdict.reason === "cooling" ? verdict.profile : undefined;
}

function judge(
  profileId: ProfileId,
  profile: AuthProfile | undefined,
  provider: ProviderId,
  configured: ConfiguredAuth,
  coolingOf: ReadonlyMap<ProfileId, Cooldown>,
  nowMs: number,
): Verdict {
  if (profile === undefined) return { profileId, reason: "unknown" };
  if (profile.provider !== provider) return { profileId, profile, reason: "other-provider" };
  const said = configured.profiles.get(profileId);
  if (said !== undefined && !agrees(said, profile)) return { profileId, profile, reason: "mismatch", configured: `${said.provider}/${said.mode}` };
  const reason = faultOf(profile, nowMs);
  if (reason !== undefined) return { profileId, profile, reason };
  const cooldown = coolingOf.get(profileId);
  return cooldown === undefined ? { ready: profile } : { profileId, profile, reason: "cooling", cooldown };
}

/** What of the account itself keeps it from being sent, wherever it is listed. */
function faultOf(profile: AuthProfile, nowMs: number): PassedOverReason | undefined {
  if (profile.unresolved !== undefined) return "unresolved";
  if (isBlank(profile.credential) && !awaitsLookup(profile)) return "blank";
  if (isVendorToolOnly(profile.credential)) return "vendor-tool-only";
  if (isKeyPair(profile)) return "key-pair";
  return isSpent(profile, nowMs) ? "expired" : undefined;
}

/** `oauth` in the config accepts a stored token. */
function agrees(said: { readonly provider: ProviderId; readonly mode: string }, { provider, credential }: AuthProfile): boolean {
  return said.provider === provider && (said.mode === credential.kind || (said.mode === "oauth" && credential.kind === "token"));
}

/**
 * Past its end, and not renewed by this program: a refresh token of another program's login is never spent here. A login that does not say when it ends
 * counts as past it where nobody renews it.
 */
function isSpent(profile: AuthProfile, nowMs: number): boolean {
  if (isRenewedHere(profile)) return false;
  const expiresAtMs = expiryOf(profile);
  if (expiresAtMs === undefined) return profile.credential.kind === "oauth" && !isRefreshable(profile);
  return expiresAtMs <= nowMs;
}

/** Kind by kind; within one, first the one that was used longest ago. */
function inTurn(profiles: readonly AuthProfile[], { lastUsedMs }: OrderFacts): AuthProfile[] {
  const used = (profile: AuthProfile): number => lastUsedMs.get(profile.id) ?? 0;
  return profiles.toSorted((a, b) => BY_KIND[a.credential.kind] - BY_KIND[b.credential.kind] || used(a) - used(b));
}

function soonestFirst(passed: readonly PassedOver[]): PassedOver[] {
  const until = (one: PassedOver): number => one.cooldown?.untilMs ?? Number.POSITIVE_INFINITY;
  return passed.toSorted((a, b) => (until(a) === until(b) ? 0 : until(a) - until(b)));
}

function leftOut(stored: readonly AuthProfile[], listed: readonly ProfileId[], reason: PassedOverReason): PassedOver[] {
  return stored.filter(({ id }) => !listed.includes(id)).map((profile) => ({ profileId: profile.id, profile, reason }));
}
