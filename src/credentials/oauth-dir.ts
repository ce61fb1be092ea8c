import type { InstallationNames } from "../config/installation.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Host } from "../kernel/host.ts";

export interface OauthDirInput {
  readonly host: Host;
  readonly config: LoadedConfig;
  readonly names?: InstallationNames;
}

/** Where the `oauth.json` of earlier versions is: what `<PREFIX>_OAUTH_DIR` says, else `credentials` in the state folder. */
export function oauthDirOf({ host, config, names }: OauthDirInput): string {
  const named = names === undefined ? undefined : config.environment.get(`${names.envPrefix}_OAUTH_DIR`)?.value;
  const expanded = named?.startsWith("~/") ? host.paths.join(config.homeDir, named.slice(2)) : named;
  return expanded === undefined ? host.paths.join(config.stateDir, "credentials") : host.paths.resolve(expanded);
}
