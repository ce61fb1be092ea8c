import type { Agents } from "../config/agents.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import { type AuthStore, emptyStore, readAuthStore } from "./auth-store.ts";
import { readLegacyStores } from "./legacy-store.ts";
import type { AuthProfile } from "./profile.ts";

const STORE_NAME = "auth-profiles.json";

export interface LayeredStore extends AuthStore {
  /** The agent's own store; it need not exist. */
  readonly path: string;
  readonly exists: boolean;
  /** That path, and for a secondary agent the main agent's. */
  readonly files: readonly string[];
}

export interface LayeredStoreInput {
  readonly host: Host;
  readonly agents: Agents;
  readonly oauthDir: string;
  readonly idOf: (text: string) => ProviderId;
}

/** The chosen agent's store over the main agent's, entry by entry: the agent's own wins. Nothing is copied from one to the other. */
export function readLayeredStore({ host, agents, oauthDir, idOf }: LayeredStoreInput): LayeredStore {
  const { join, resolve } = host.paths;
  const read = (dir: string): AuthStore | undefined => readAuthStore({ host, file: join(dir, STORE_NAME), called: "the auth store" }, idOf);
  const { dir } = agents.chosen;
  const own = read(dir);
  const path = join(dir, STORE_NAME);
  const facts = { path, exists: own !== undefined, files: [...new Set([path, join(agents.mainDir, STORE_NAME)])] };
  if (resolve(dir) === resolve(agents.mainDir)) return { ...(own ?? readLegacyStores(host, dir, oauthDir, idOf)), ...facts };
  const main = read(agents.mainDir) ?? readLegacyStores(host, agents.mainDir, oauthDir, idOf);
  const upper = own ?? (main.profiles.size > 0 ? emptyStore() : readLegacyStores(host, dir, undefined, idOf));
  return { ...overlaid(main, upper), ...facts };
}

function overlaid(main: AuthStore, own: AuthStore): AuthStore {
  const inherited = [...main.profiles].map(([id, profile]): [ProfileId, AuthProfile] => [id, asInherited(profile)]);
  return {
    profiles: new Map([...inherited, ...own.profiles]),
    order: new Map([...main.order, ...own.order]),
    usage: new Map([...main.usage, ...own.usage]),
    problems: [...own.problems, ...main.problems],
  };
}

function asInherited(profile: AuthProfile): AuthProfile {
  return profile.origin.kind === "store" ? { ...profile, origin: { ...profile.origin, inherited: true } } : profile;
}
