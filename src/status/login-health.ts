import { type Health, healthToAgents } from "../credentials/health.ts";
import type { AccountRow } from "./accounts.ts";
import type { ProviderOverview } from "./overview.ts";

/** One stored profile and its expiry, as installations' tools read it. */
export interface ProfileHealthRow {
  profileId: string;
  provider: string;
  type: AccountRow["type"];
  status: Health;
  expiresAt?: number;
  remainingMs?: number;
  source: "store";
  /** The profile id, with the email where one is known. */
  label: string;
}

export interface ProviderHealthRow {
  provider: string;
  /** Of the stored profiles; without any `static` for a key from elsewhere, or how the provider is answered for. */
  status: Health | "not needed" | "delegated";
  expiresAt?: number;
  remainingMs?: number;
  profiles: ProfileHealthRow[];
}

export interface LoginHealth {
  warnAfterMs: number;
  profiles: ProfileHealthRow[];
  providers: ProviderHealthRow[];
}

export function loginHealth(
  providers: readonly string[],
  accounts: readonly AccountRow[],
  overviews: readonly ProviderOverview[],
  warnAfterMs: number,
): LoginHealth {
  const profiles = accounts
    .filter(({ origin }) => origin === "store")
    .map(profileRow)
    .sort((a, b) => compare(a.provider, b.provider) || compare(a.profileId, b.profileId));
  const kindOf = new Map(overviews.map(({ provider, effective }) => [provider, effective.kind]));
  return {
    warnAfterMs,
    profiles,
    providers: providers.map((provider) =>
      providerRow(
        provider,
        profiles.filter((profile) => profile.provider === provider),
        kindOf.get(provider),
      ),
    ),
  };
}

function profileRow(account: AccountRow): ProfileHealthRow {
  const { profileId, provider, type, expiresAt, remainingMs, email } = account;
  const label = email === null ? profileId : `${profileId} (${email})`;
  const times = expiresAt === null || remainingMs === null ? {} : { expiresAt, remainingMs };
  return { profileId, provider, type, status: healthToAgents(account), ...times, source: "store", label };
}

function providerRow(provider: string, profiles: ProfileHealthRow[], kind: ProviderOverview["effective"]["kind"] | undefined): ProviderHealthRow {
  const ending = profiles.filter(({ type }) => type !== "api_key");
  if (ending.length === 0) return { provider, status: withoutLogins(profiles, kind), profiles };
  const soonest = ending.reduce((a, b) => ((b.expiresAt ?? Number.POSITIVE_INFINITY) < (a.expiresAt ?? Number.POSITIVE_INFINITY) ? b : a));
  const { expiresAt, remainingMs } = soonest;
  return { provider, status: worst(ending), ...(expiresAt !== undefined && remainingMs !== undefined && { expiresAt, remainingMs }), profiles };
}

function worst(ending: readonly ProfileHealthRow[]): Health {
  if (ending.some(({ status }) => status === "expired" || status === "missing")) return "expired";
  return ending.some(({ status }) => status === "expiring") ? "expiring" : "ok";
}

function withoutLogins(keys: readonly ProfileHealthRow[], kind: ProviderOverview["effective"]["kind"] | undefined): ProviderHealthRow["status"] {
  if (keys.some(({ status }) => status === "static")) return "static";
  if (kind === "not needed" || kind === "delegated") return kind;
  return kind === "env" || kind === "models.json" || kind === "given" ? "static" : "missing";
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
