import type { Environment, EnvValue } from "../config/loaded-config.ts";
import { type ProfileId, toProfileId, toProviderId } from "../kernel/ids.ts";
import type { AuthMethod, Provider } from "../provider/provider.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { AuthProfile, Credential } from "./profile.ts";
import { toSecret } from "./secret-text.ts";

/**
 * For each provider the first variable that is set of each way in which it authenticates, as profile `env:NAME`.
 * Where several providers know a variable (GITHUB_TOKEN, MINIMAX_API_KEY), the one with the shortest id has `env:NAME` and the others
 * `env:NAME:<provider>`: ids that do not depend on what else is set.
 */
export function environmentProfiles(registry: ProviderRegistry, environment: Environment): AuthProfile[] {
  const set = registry.variables.filter((variable) => isSet(environment.get(variable)));
  return knowingAny(set, registry).flatMap((provider) => {
    const used = new Set<string>();
    return provider.auth.flatMap((method) => {
      const found = firstSet(method, environment, used);
      if (found === undefined) return [];
      used.add(found.variable);
      return [environmentProfile(idOf(found.variable, provider, registry), provider, method, found)];
    });
  });
}

interface Found {
  readonly variable: string;
  readonly set: EnvValue;
}

function firstSet(method: AuthMethod, environment: Environment, used: ReadonlySet<string>): Found | undefined {
  if (!("env" in method)) return undefined;
  for (const variable of method.env) {
    const set = used.has(variable) ? undefined : environment.get(variable);
    if (isSet(set)) return { variable, set };
  }
  return undefined;
}

function isSet(found: EnvValue | undefined): found is EnvValue {
  return found !== undefined && found.value.trim() !== "";
}

/** Each once, sorted by id: the order does not depend on which variables are set. */
function knowingAny(variables: readonly string[], registry: ProviderRegistry): Provider[] {
  const found = new Map<string, Provider>();
  for (const variable of variables) for (const { provider } of registry.knowing(variable)) found.set(provider.id, provider);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function idOf(variable: string, provider: Provider, registry: ProviderRegistry): ProfileId {
  const others = registry.knowing(variable).filter((other) => other.provider.id !== provider.id);
  const isFirst = others.every((other) => comesBefore(provider.id, other.provider.id));
  return toProfileId(isFirst ? `env:${variable}` : `env:${variable}:${provider.id}`);
}

function comesBefore(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

function environmentProfile(id: ProfileId, provider: Provider, method: AuthMethod, { variable, set }: Found): AuthProfile {
  const origin = { kind: "env", variable, setIn: set.setIn, ...(set.file !== undefined && { file: set.file }) } as const;
  return { id, provider: toProviderId(provider.id), origin, credential: credentialOf(method, set.value) };
}

/** A variable carries no refresh token and no expiry: what a login's variable holds is a token. */
function credentialOf(method: AuthMethod, text: string): Credential {
  const secret = toSecret(text);
  return method.kind === "api_key" ? { kind: "api_key", key: secret } : { kind: "token", token: secret };
}
