import type { CredentialFacts } from "../credentials/collect.ts";
import type { ConfiguredAuth } from "../credentials/configured-auth.ts";
import { fingerprint } from "../credentials/fingerprint.ts";
import { type Rotation, rotationOf } from "../credentials/order.ts";
import { type AuthProfile, awaitsLookup } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { Limits } from "./limits.ts";
import type { WindowLeft } from "./profile-choice.ts";

/** What a plan is made from besides the route and the rests. Made once from a config and its stores; a new one when they change. */
export interface PlanFacts {
  readonly credentials: Pick<CredentialFacts, "profiles" | "cooldowns" | "storeOrder" | "lastUsedMs" | "standingOf">;
  readonly registry: Pick<ProviderRegistry, "get">;
  readonly limits: Limits;
  rotationOf(provider: ProviderId, nowMs: number): Rotation;
  /** Tells a credential from its successor; undefined where its secret was not looked up. */
  markOf(profile: AuthProfile): string | undefined;
  /** What is left of the accounts' usage windows, where that is known. */
  readonly windows?: ReadonlyMap<string, readonly WindowLeft[]>;
  /** US dollars spent today, by "provider/model". */
  readonly spentToday?: ReadonlyMap<string, number>;
  /** The account that a conversation was answered with, by conversation and provider. */
  readonly lastOf?: (conversation: string, provider: ProviderId) => string | undefined;
}

export interface PlanFactsInput {
  readonly credentials: PlanFacts["credentials"];
  readonly configured: ConfiguredAuth;
  readonly registry: PlanFacts["registry"];
  readonly limits: Limits;
  readonly sha256: Host["sha256"];
}

/** Rotations are remembered until something in them can change. */
export function planFacts({ credentials, configured, registry, limits, sha256 }: PlanFactsInput): PlanFacts {
  const rotations = new Map<ProviderId, { readonly rotation: Rotation; readonly fromMs: number; readonly untilMs: number }>();
  const marks = new WeakMap<AuthProfile, string | undefined>();
  return {
    credentials,
    registry,
    limits,
    rotationOf: (provider, nowMs) => {
      const known = rotations.get(provider);
      if (known !== undefined && nowMs >= known.fromMs && nowMs < known.untilMs) return known.rotation;
      // Our own stand in the ledger, which knows when they end early.
      const active = credentials.cooldowns.filter(({ untilMs, origin }) => origin === "legacy" && untilMs > nowMs);
      const rotation = rotationOf(provider, { ...credentials, cooldowns: active }, configured, nowMs);
      rotations.set(provider, { rotation, fromMs: nowMs, untilMs: nextChangeMs(credentials, provider, nowMs) });
      return rotation;
    },
    markOf: (profile) => {
      if (!marks.has(profile)) marks.set(profile, awaitsLookup(profile) ? undefined : fingerprint(profile.credential, [], sha256));
      return marks.get(profile);
    },
  };
}

/** The next end of a cooldown or of a credential. */
function nextChangeMs({ profiles, cooldowns }: PlanFacts["credentials"], provider: ProviderId, nowMs: number): number {
  const own = profiles.filter((profile) => profile.provider === provider);
  const ends = own.flatMap(({ credential }) => ("expiresAtMs" in credential ? (credential.expiresAtMs ?? []) : []));
  return Math.min(...[...ends, ...cooldowns.map(({ untilMs }) => untilMs)].filter((atMs) => atMs > nowMs), Number.POSITIVE_INFINITY);
}
