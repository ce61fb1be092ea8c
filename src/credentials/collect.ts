import type { Agents } from "../config/agents.ts";
import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { readRests } from "../state/read-rests.ts";
import type { UsageStats } from "./auth-store.ts";
import type { Cooldown } from "./cooldown.ts";
import { effectiveCooldowns } from "./effective-cooldowns.ts";
import { entryProfiles } from "./entry-profiles.ts";
import { environmentProfiles } from "./environment-profiles.ts";
import { openFilesOf } from "./file-exposure.ts";
import { fingerprint } from "./fingerprint.ts";
import { followed } from "./follow-reference.ts";
import { readLayeredStore } from "./layered-store.ts";
import { licensed } from "./licence.ts";
import { oauthDirOf } from "./oauth-dir.ts";
import { type AuthProfile, awaitsLookup } from "./profile.ts";
import { type ProfilePlaces, profilePlaces } from "./profile-places.ts";
import { type Standing, standings } from "./standing.ts";

/** Every credential that this run can see, for one agent. Nothing is written, nothing is refreshed, nobody is asked. */
export interface CredentialFacts {
  /** The agent's own auth store; it need not exist. */
  readonly storePath: string;
  readonly storeExists: boolean;
  /** What is stored, then the environment, then the entries of the config and of models.json. */
  readonly profiles: readonly AuthProfile[];
  /** Those that last beyond now, the soonest to end first. */
  readonly cooldowns: readonly Cooldown[];
  /** The stores' `order`: main agent's overlaid by the agent's own. */
  readonly storeOrder: ReadonlyMap<ProviderId, readonly ProfileId[]>;
  readonly lastUsedMs: ReadonlyMap<ProfileId, number>;
  readonly problems: readonly Problem[];
  /** undefined for providers that need a credential of ours. */
  standingOf(provider: ProviderId): Standing | undefined;
  /** The vendor's published prefix and six digits of a one-way hash; "not looked up" of a secret that a program or the keychain has. */
  fingerprintOf(profile: AuthProfile): string;
  readonly places: ProfilePlaces;
}

export interface CredentialInput {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly registry: ProviderRegistry;
  /** For `<PREFIX>_OAUTH_DIR`, where the oauth.json of earlier versions is. */
  readonly names?: InstallationNames;
}

export function collectCredentials(input: CredentialInput): CredentialFacts {
  const { host, config, agents, registry } = input;
  const idOf = (text: string): ProviderId => registry.idOf(text);
  const openFiles = openFilesOf(host, input.names);
  const store = readLayeredStore({ host, agents, oauthDir: oauthDirOf(input), idOf, openFiles });
  const follow = { host, environment: config.environment, homeDir: config.homeDir, openFiles };
  const stored = [...store.profiles.values()].map((profile) => (profile.reference === undefined ? profile : followed(profile, follow)));
  const fingerprints = new Map<ProfileId, string>();
  const taken = (profile: AuthProfile): string =>
    awaitsLookup(profile) ? "not looked up" : fingerprint(profile.credential, registry.get(profile.provider)?.provider.auth ?? [], (text) => host.sha256(text));
  const profiles = [...stored, ...environmentProfiles(registry, config.environment), ...entryProfiles(registry, config)].map((profile) =>
    licensed(profile, config),
  );
  const legacy = activeCooldowns(store.usage, store.profiles, host.nowMs());
  const markOf = (profile: AuthProfile): string => fingerprint(profile.credential, [], (text) => host.sha256(text));
  return {
    storePath: store.path,
    storeExists: store.exists,
    profiles,
    cooldowns: effectiveCooldowns(legacy, readRests(host, config.stateDir), { profiles, markOf, nowMs: host.nowMs() }),
    storeOrder: store.order,
    lastUsedMs: new Map([...store.usage].flatMap(([id, { lastUsedMs }]) => (lastUsedMs === undefined ? [] : [[id, lastUsedMs] as const]))),
    problems: store.problems,
    standingOf: standings(input),
    fingerprintOf: (profile) => {
      const known = fingerprints.get(profile.id) ?? taken(profile);
      fingerprints.set(profile.id, known);
      return known;
    },
    places: profilePlaces({ host, config, idOf, storeFiles: store.files }),
  };
}

/** Notes about profiles that are gone count for nothing. */
function activeCooldowns(usage: ReadonlyMap<ProfileId, UsageStats>, profiles: ReadonlyMap<ProfileId, AuthProfile>, nowMs: number): Cooldown[] {
  const active: Cooldown[] = [];
  for (const [profileId, stats] of usage) {
    const { cooldownUntilMs = 0, disabledUntilMs = 0 } = stats;
    const untilMs = Math.max(cooldownUntilMs, disabledUntilMs);
    if (untilMs <= nowMs || !profiles.has(profileId)) continue;
    const kind = disabledUntilMs > nowMs ? "disabled" : "cooldown";
    const reason = (kind === "disabled" ? stats.disabledReason : undefined) ?? stats.cooldownReason;
    active.push({ profileId, kind, untilMs, origin: "legacy", ...(reason !== undefined && { reason }) });
  }
  return active.sort((a, b) => a.untilMs - b.untilMs);
}
