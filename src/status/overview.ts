import { shortDuration } from "../kernel/duration.ts";
import type { AccountRow } from "./accounts.ts";
import type { Examined } from "./facts.ts";

/** One provider and where its credential comes from: the object that installations' tools read. */
export interface ProviderOverview {
  provider: string;
  effective: {
    kind: "profiles" | "env" | "models.json" | "given" | "missing" | "not needed" | "delegated";
    /** The asked agent's store, a fingerprint, or a sentence. */
    detail: string;
  };
  profiles: { count: number; oauth: number; token: number; apiKey: number; labels: string[] };
  /** `value` is a fingerprint. */
  env?: { value: string; source: string };
  /** `value` is a fingerprint; `source` says in which file the key really stands. */
  modelsJson?: { value: string; source: string };
  /** Whether the default model, a fallback, the image model or one of its fallbacks is of this provider. */
  inUse: boolean;
}

/** Of the examined providers those for which there is anything to say. */
export function providerOverviews(providers: readonly string[], accounts: readonly AccountRow[], examined: Examined): ProviderOverview[] {
  return providers.flatMap((provider) => {
    const overview = providerOverview(
      provider,
      accounts.filter((account) => account.provider === provider),
      examined,
    );
    return overview.effective.kind === "missing" ? [] : [overview];
  });
}

function providerOverview(provider: string, accounts: readonly AccountRow[], examined: Examined): ProviderOverview {
  const stored = accounts.filter(({ origin }) => origin === "store");
  const env = accounts.find(({ origin }) => origin === "env");
  const given = accounts.find(({ origin }) => origin === "given");
  const entry = accounts.find(({ origin }) => origin === "config" || origin === "models.json");
  const countOf = (type: AccountRow["type"]): number => stored.filter((account) => account.type === type).length;
  return {
    provider,
    effective: effectiveOf(provider, stored.length, { env, entry, given }, examined),
    profiles: { count: stored.length, oauth: countOf("oauth"), token: countOf("token"), apiKey: countOf("api_key"), labels: stored.map(label) },
    ...(env !== undefined && { env: { value: env.fingerprint, source: envSource(env) } }),
    ...(entry !== undefined && { modelsJson: { value: entry.fingerprint, source: `models.json: ${entry.file ?? ""}` } }),
    inUse: accounts[0]?.inUse ?? [...examined.inUse].some((id) => id === provider),
  };
}

function effectiveOf(
  provider: string,
  stored: number,
  { env, entry, given }: Readonly<Record<"env" | "entry" | "given", AccountRow | undefined>>,
  examined: Examined,
): ProviderOverview["effective"] {
  if (given !== undefined) return { kind: "given", detail: given.fingerprint };
  if (stored > 0) return { kind: "profiles", detail: examined.credentials.storePath };
  if (env !== undefined) return { kind: "env", detail: isOauthVariable(env) ? "OAuth (env)" : env.fingerprint };
  if (entry !== undefined) return { kind: "models.json", detail: entry.fingerprint };
  const standing = examined.credentials.standingOf(examined.registry.idOf(provider));
  return standing === undefined ? { kind: "missing", detail: "missing" } : { kind: standing.kind, detail: standing.detail };
}

/** "anthropic:work=OAuth (me@example.com) [cooldown 4m]": the secret's place is taken by its fingerprint. */
function label(account: AccountRow): string {
  const { profileId, type, email, cooldown, fingerprint } = account;
  const login = email === null ? "OAuth" : `OAuth (${email})`;
  const shown = { api_key: fingerprint, token: `token:${fingerprint}`, oauth: login }[type];
  if (cooldown === null) return `${profileId}=${shown}`;
  const why = cooldown.kind === "disabled" && cooldown.reason !== null ? `disabled:${cooldown.reason}` : cooldown.kind;
  return `${profileId}=${shown} [${why} ${shortDuration(cooldown.remainingMs)}]`;
}

function envSource({ variable, setIn }: AccountRow): string {
  return setIn === "shell" ? `shell env: ${variable}` : `env: ${variable}`;
}

/** As installations count: a variable whose name says so carries a login's token. */
export function isOauthVariable({ variable }: AccountRow): boolean {
  return variable?.includes("OAUTH") ?? false;
}

/** "anthropic (2)": stored logins and tokens, and one more for a login's token in the environment. */
export function providersWithOAuth(overviews: readonly ProviderOverview[], accounts: readonly AccountRow[]): string[] {
  return overviews.flatMap(({ provider, profiles }) => {
    const fromEnv = accounts.some((account) => account.provider === provider && isOauthVariable(account)) ? 1 : 0;
    const count = profiles.oauth + profiles.token + fromEnv;
    return count === 0 ? [] : [`${provider} (${count})`];
  });
}
