import type { ConfigEdit } from "../config/edit.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { type ConfiguredProfile, configuredAuth } from "./configured-auth.ts";
import type { Credential } from "./profile.ts";

/** What the config would have to say of a stored profile. */
export interface NamedProfile {
  readonly id: ProfileId;
  readonly provider: ProviderId;
  readonly kind: Credential["kind"];
  readonly email?: string;
}

/**
 * Older agents ask only those profiles of a provider that the config lists, where it lists any; and in the order that it states, where it states
 * one. So a stored profile is added to such lists, at the front of the order, and to no others.
 */
export function authEdits(config: LoadedConfig, registry: ProviderRegistry, named: NamedProfile): ConfigEdit[] {
  return [...profileEdits(configuredAuth(config, registry).profiles, named), ...orderEdits(config, registry, named)];
}

function profileEdits(listed: ReadonlyMap<ProfileId, ConfiguredProfile>, { id, provider, kind, email }: NamedProfile): ConfigEdit[] {
  const path = ["auth", "profiles", id];
  const own = listed.get(id);
  const set = (key: string, value: string): ConfigEdit => ({ kind: "set", path: [...path, key], value });
  if (own !== undefined) {
    // As the rotation judges it: `oauth` in the config accepts a stored token.
    const fits = own.mode === kind || (own.mode === "oauth" && kind === "token");
    return [
      ...(own.provider === provider ? [] : [set("provider", provider)]),
      ...(fits ? [] : [set("mode", kind)]),
      ...(email === undefined || own.email === email ? [] : [set("email", email)]),
    ];
  }
  if (![...listed.values()].some((other) => other.provider === provider)) return [];
  return [{ kind: "set", path, value: { provider, mode: kind, ...(email !== undefined && { email }) } }];
}

function orderEdits(config: LoadedConfig, registry: ProviderRegistry, { id, provider }: NamedProfile): ConfigEdit[] {
  return Object.entries(config.value.auth?.order ?? {}).flatMap(([written, ids]): ConfigEdit[] => {
    if (registry.idOf(written) !== provider || ids.some((listed) => listed.trim() === id)) return [];
    return [{ kind: "insert", path: ["auth", "order", written], index: 0, value: id }];
  });
}
