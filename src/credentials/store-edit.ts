import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Credential, SecretReference } from "./profile.ts";

/** What is to be stored under one id. With a reference, the secret of `credential` is not written. */
export interface NewProfile {
  readonly provider: ProviderId;
  readonly credential: Credential;
  readonly reference?: SecretReference;
  readonly email?: string;
}

/** One auth store while it is being changed. Fields that we do not know stay. */
export interface StoreDraft {
  readonly ids: readonly ProfileId[];
  has(id: ProfileId): boolean;
  providerOf(id: ProfileId): ProviderId | undefined;
  /** Other fields of an entry of the same kind and provider stay (`metadata`, `clientId`). A store's order for the provider gets a new id at its front. */
  put(id: ProfileId, profile: NewProfile): "added" | "replaced";
  /** With its place in the orders and all notes about it. */
  remove(id: ProfileId): "removed" | "absent";
  /** With its place in the orders and all notes about it. Throws PROFILE_UNKNOWN or PROFILE_EXISTS. */
  rename(from: ProfileId, to: ProfileId): void;
  order(provider: ProviderId): readonly ProfileId[] | undefined;
  /** undefined takes the order out. */
  setOrder(provider: ProviderId, ids: readonly ProfileId[] | undefined): void;
}

export interface StoreEditInput {
  readonly host: Host;
  /** The agent's own `auth-profiles.json`; made when absent, with what earlier versions kept for the agent carried over. */
  readonly file: string;
  readonly idOf: (text: string) => ProviderId;
  readonly command: string;
  /** `current` after a secret was taken out: then it is in no backup. */
  readonly backup: "previous" | "current";
}

export interface StoreEdited<T> {
  readonly kind: "written" | "unchanged";
  readonly file: string;
  readonly result: T;
  /** Ids that were carried over from files of earlier versions, and those files: nobody reads them from now on. */
  readonly carriedOver: readonly { readonly file: string; readonly ids: readonly ProfileId[] }[];
}

/**
 * Changes one auth store under its lock. Throws STORE_SYNTAX, STORE_SHAPE, STORE_UNREADABLE, STORE_PERMISSIONS (exit 65 or 77: a store that cannot be
 * read is never replaced) and what `changeFiles` throws; then nothing was written.
 */
export async function editStore<T>(input: StoreEditInput, change: (draft: StoreDraft) => T): Promise<StoreEdited<T>> {
  throw new AppError("INTERNAL", `not built yet: ${input.command} ${change.length}`, { hint: "Wait." });
}
