import { parseRef, type Resolution } from "../catalog/resolve.ts";
import type { Agents } from "../config/agents.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { type ConfiguredAuth, configuredAuth } from "../credentials/configured-auth.ts";
import { pinnedRotation, type Rotation, rotationOf } from "../credentials/order.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { rememberedBy } from "../kernel/remember.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type Allowlist, readAllowlist } from "../routing/allowlist.ts";
import type { Chain, ChainEntry } from "../routing/chain.ts";
import type { WindowLeft } from "../routing/profile-choice.ts";

/** Everything that a status is made of, read once. */
export interface StatusFacts {
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly registry: ProviderRegistry;
  readonly credentials: CredentialFacts;
  readonly chain: Chain;
  /** Found by rooms that a status does not look into itself, for example by the plugins. */
  readonly otherProblems: readonly Problem[];
  readonly nowMs: number;
  readonly warnWithinMs: number;
  /** What is left of accounts, where their order goes by it and somebody knows. */
  readonly windows?: ReadonlyMap<string, readonly WindowLeft[]>;
}

/** Whom to ask for them: the broker. */
interface Known {
  config(): LoadedConfig;
  agents(): Agents;
  registry(): ProviderRegistry;
  credentials(): CredentialFacts;
  chain(): Chain;
  plugins(): { readonly problems: readonly Problem[] };
  readonly host: { nowMs(): number };
}

/** How long before its end a credential is expiring, unless a person says otherwise. */
export const WARN_WITHIN_MS = 86_400_000;

/** What the broker knows, as the reports about accounts and models take it. */
export function statusFacts({ config, agents, registry, credentials, chain, plugins, host }: Known, warnWithinMs = WARN_WITHIN_MS): StatusFacts {
  return {
    config: config(),
    agents: agents(),
    registry: registry(),
    credentials: credentials(),
    chain: chain(),
    otherProblems: plugins().problems,
    nowMs: host.nowMs(),
    warnWithinMs,
  };
}

/** The facts, with the questions that several parts of a report ask answered once. */
export interface Examined extends StatusFacts {
  readonly configured: ConfiguredAuth;
  /** Those of the chain: default, fallbacks, image model and its fallbacks. */
  readonly inUse: ReadonlySet<ProviderId>;
  readonly allowlist: Allowlist | undefined;
  rotationOf(provider: ProviderId): Rotation;
}

export function examine(facts: StatusFacts): Examined {
  const configured = configuredAuth(facts.config, facts.registry);
  return {
    ...facts,
    configured,
    inUse: new Set(facts.chain.entries.flatMap((entry) => providerOf(entry, facts.registry) ?? [])),
    allowlist: readAllowlist(facts.config, facts.chain.resolve),
    rotationOf: rememberedBy((provider: ProviderId) => rotationOf(provider, facts.credentials, configured, facts.nowMs)),
  };
}

/** Whom a reference would ask: its provider's accounts, or the one that it names. */
export function rotationFor({ ref, profile }: Pick<Resolution, "ref" | "profile">, { rotationOf: ofProvider, credentials, nowMs }: Examined): Rotation {
  const rotation = ofProvider(ref.provider);
  return profile === undefined ? rotation : pinnedRotation(rotation, profile, credentials, nowMs);
}

/** Also of a reference that leads nowhere, as far as it names a provider. */
export function providerOf(entry: ChainEntry, registry: ProviderRegistry): ProviderId | undefined {
  return entry.resolution?.ref.provider ?? parseRef(entry.raw, registry)?.provider;
}

/**
 * Whether anything could answer for a provider: a login elsewhere, no need of one, or a profile that holds a secret and that the order
 * does not exclude. One that is expired or rests counts: it is there, and is reported for what it is.
 */
export function hasCredential(provider: ProviderId, examined: Examined): boolean {
  if (examined.credentials.standingOf(provider) !== undefined) return true;
  const { candidates, passedOver } = examined.rotationOf(provider);
  return candidates.length > 0 || passedOver.some(({ reason }) => reason === "cooling" || reason === "expired");
}

/** Fallbacks outside an allowlist are never asked. */
export function isKeptOut({ role, resolution }: Pick<ChainEntry, "role" | "resolution">, { allowlist }: Pick<Examined, "allowlist">): boolean {
  const filtered = role === "fallback" || role === "image-fallback";
  return filtered && resolution !== undefined && allowlist !== undefined && !allowlist.allows(resolution.ref);
}
