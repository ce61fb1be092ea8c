import type { Agents } from "../config/agents.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import { type AuthStore, emptyStore, readAuthStore } from "./auth-store.ts";
import type { OpenFiles } from "./file-exposure.ts";
import { readLegacyStores } from "./legacy-store.ts";
import type { AuthProfile } from "./profile.ts";

const STORE_NAME = "auth-profiles.json";

export interface LayeredStore extends AuthStore {
  /** The agent's own store; it need not exist. */
  readonly path: string;
  readonly exists: boolean;
  /** That path, and for a secondary agent the main agent's; those that could be read. */
  readonly files: readonly string[];
}

export interface LayeredStoreInput {
  readonly host: Host;
  readonly agents: Agents;
  readonly oauthDir: string;
  readonly idOf: (text: string) => ProviderId;
  /** `refused` unless told. */
  readonly openFiles?: OpenFiles;
}

/** The chosen agent's store over the main agent's, entry by entry: the agent's own wins. Nothing is copied from one to the other. */
export function readLayeredStore(input: LayeredStoreInput): LayeredStore {
  const { host, agents } = input;
  const { join, resolve } = host.paths;
  const { dir } = agents.chosen;
  const path = join(dir, STORE_NAME);
  const mainPath = join(agents.mainDir, STORE_NAME);
  const own = readAt(path, input);
  const exists = own !== undefined;
  if (resolve(dir) === resolve(agents.mainDir)) return { ...(own ?? legacyOf(dir, "with oauth.json", input)), path, exists, files: readable([[path, own]]) };
  const main = readAt(mainPath, input);
  const lower = main ?? legacyOf(agents.mainDir, "with oauth.json", input);
  const upper = own ?? (lower.profiles.size > 0 ? emptyStore() : legacyOf(dir, "auth.json alone", input));
  return {
    ...overlaid(lower, upper),
    path,
    exists,
    files: readable([
      [path, own],
      [mainPath, main],
    ]),
  };
}

function readAt(file: string, { host, idOf, openFiles = "refused" }: LayeredStoreInput): AuthStore | undefined {
  return readAuthStore({ host, file, called: "the auth store", openFiles }, idOf);
}

function legacyOf(dir: string, which: "with oauth.json" | "auth.json alone", { host, oauthDir, idOf, openFiles }: LayeredStoreInput): AuthStore {
  return readLegacyStores(host, dir, which === "with oauth.json" ? oauthDir : undefined, idOf, openFiles);
}

function readable(stores: readonly (readonly [string, AuthStore | undefined])[]): string[] {
  return stores.flatMap(([file, store]) => (store?.isUnread === true ? [] : [file]));
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
