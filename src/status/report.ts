import { refText } from "../catalog/model-ref.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { ProbeSummary } from "../probe/summary.ts";
import type { UsageGlance } from "../usage/usage-glance.ts";
import { type AccountRow, accountRows, type CooldownRow, cooldownRow } from "./accounts.ts";
import { type ChainRow, chainRow } from "./chain-rows.ts";
import { type Examined, examine, type StatusFacts } from "./facts.ts";
import { findings, missingProviders } from "./findings.ts";
import { type LoginHealth, loginHealth } from "./login-health.ts";
import { type ProviderOverview, providerOverviews, providersWithOAuth } from "./overview.ts";
import { type ProblemRow, problemRows } from "./problem-row.ts";

/**
 * Which models answer, with which accounts, and what is wrong. Times are milliseconds since 1970.
 * The keys down to `auth` are those that installations' tools read; the others are ours.
 */
export interface StatusReport {
  schemaVersion: 1;
  configPath: string;
  configExists: boolean;
  agentId: string;
  agentDir: string;
  /** As written; the resolved one where nobody wrote one. */
  defaultModel: string;
  /** As written where it leads nowhere. */
  resolvedDefault: string;
  fallbacks: string[];
  imageModel: string | null;
  imageFallbacks: string[];
  modelConfig: { defaultSource: "agent" | "defaults"; fallbacksSource: "agent" | "defaults" };
  aliases: Record<string, string>;
  /** Models with settings; empty means that there are none. */
  allowed: string[];
  auth: {
    storePath: string;
    storeExists: boolean;
    shellEnvFallback: { enabled: boolean; appliedKeys: string[] };
    providersWithOAuth: string[];
    missingProvidersInUse: string[];
    providers: ProviderOverview[];
    unusableProfiles: { profileId: string; provider?: string; kind: "cooldown" | "disabled"; reason?: string; until: number; remainingMs: number }[];
    oauth: LoginHealth;
    /** What asking has shown; absent when nobody was asked. */
    probes?: ProbeSummary;
  };
  /** Default, fallbacks, image model, image fallbacks. */
  chain: ChainRow[];
  accounts: AccountRow[];
  cooldowns: CooldownRow[];
  /** What each account's vendor told `models usage` last; empty: nobody was asked. */
  usage: UsageGlance[];
  /** Errors first. */
  problems: ProblemRow[];
  /** Where credentials were looked for. */
  lookedFor: { providers: number; variables: number };
}

/** Pure. Providers examined: those of stored profiles, of `models.providers`, of the chain and of models with settings, and those with a variable set. */
export function buildStatusReport(facts: StatusFacts): StatusReport {
  const examined = examine(facts);
  const accounts = accountRows(examined);
  const { config, agents, credentials, chain, registry } = facts;
  return {
    schemaVersion: 1,
    configPath: config.path,
    configExists: config.exists,
    agentId: agents.chosen.id,
    agentDir: agents.chosen.dir,
    ...modelFields(examined),
    auth: authFields(examined, accounts),
    chain: chain.entries.map((entry) => chainRow(entry, examined)),
    accounts,
    cooldowns: cooldownRows(examined),
    usage: [],
    problems: problemRows([
      ...config.problems,
      ...registry.problems,
      ...facts.otherProblems,
      ...credentials.problems,
      ...chain.problems,
      ...findings(accounts, examined),
    ]),
    lookedFor: { providers: registry.size, variables: registry.variables.length },
  };
}

function modelFields({ chain, config }: Examined) {
  const [primary] = chain.entries;
  const raws = (role: ChainRow["role"]): string[] => chain.entries.filter((entry) => entry.role === role).map(({ raw }) => raw);
  return {
    defaultModel: primary?.raw ?? "",
    resolvedDefault: primary?.resolution === undefined ? (primary?.raw ?? "") : refText(primary.resolution.ref),
    fallbacks: raws("fallback"),
    imageModel: raws("image")[0] ?? null,
    imageFallbacks: raws("image-fallback"),
    modelConfig: { defaultSource: primary?.from === "agent" ? "agent" : "defaults", fallbacksSource: chain.fallbacksFrom } as const,
    aliases: Object.fromEntries(chain.aliases.all.map(({ alias, target }) => [alias, target])),
    allowed: Object.keys(config.value.agents?.defaults?.models ?? {}),
  };
}

function authFields(examined: Examined, accounts: readonly AccountRow[]): StatusReport["auth"] {
  const { credentials, config } = examined;
  const providers = examinedProviders(examined, accounts);
  const overviews = providerOverviews(providers, accounts, examined);
  return {
    storePath: credentials.storePath,
    storeExists: credentials.storeExists,
    shellEnvFallback: { enabled: config.environment.shellImport.enabled, appliedKeys: [...config.environment.shellImport.applied] },
    providersWithOAuth: providersWithOAuth(overviews, accounts),
    missingProvidersInUse: missingProviders(examined).sort(),
    providers: overviews,
    unusableProfiles: cooldownRows(examined).map(({ profileId, provider, kind, reason, until, remainingMs }) => ({
      profileId,
      ...(provider !== null && { provider }),
      kind,
      ...(reason !== null && { reason }),
      until,
      remainingMs,
    })),
    oauth: loginHealth(providers, accounts, overviews, examined.warnWithinMs),
  };
}

/** Sorted; aliases count as what they stand for. */
function examinedProviders({ chain, config, registry, inUse }: Examined, accounts: readonly AccountRow[]): string[] {
  const withSettings = Object.keys(config.value.agents?.defaults?.models ?? {}).flatMap((key) =>
    key.includes("/") ? key.slice(0, key.indexOf("/")) : chain.defaultProvider,
  );
  const configured = Object.keys(config.value.models?.providers ?? {});
  const named = [...withSettings, ...configured].map((provider) => registry.idOf(provider)).filter((provider) => provider !== toProviderId(""));
  return [
    ...new Set<string>([...accounts.filter(({ origin }) => ["store", "env", "given"].includes(origin)).map(({ provider }) => provider), ...named, ...inUse]),
  ].sort();
}

function cooldownRows({ credentials, nowMs }: Examined): CooldownRow[] {
  const providers = new Map(credentials.profiles.map(({ id, provider }) => [id, provider]));
  return credentials.cooldowns.map((cooldown) => cooldownRow(cooldown, providers.get(cooldown.profileId) ?? null, nowMs));
}
