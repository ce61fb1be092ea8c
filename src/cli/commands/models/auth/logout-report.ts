import type { CarriedRow } from "./carried-over.ts";
import type { CopyRow } from "./left-copies.ts";

/** What was taken out, where the secret still is, and where to revoke it. */
export interface LogoutReport {
  schemaVersion: 1;
  /** `kept`: the person said no. */
  outcome: "removed" | "kept";
  agentId: string;
  storePath: string;
  accounts: RemovedAccount[];
  configPath: string;
  /** Key paths of the config that were taken out. */
  changedInConfig: string[];
  /** Why the config was not changed though it names them. */
  configProblem: { message: string; hint: string } | null;
  /** Key paths that name them by way of a variable. */
  byHand: string[];
  /** Key paths of model references that pin one of them. */
  pinnedBy: string[];
  ordersOfOtherAgents: { agentId: string; provider: string; file: string }[];
  /** Places that still hold one of the secrets; they are not touched. */
  copies: CopyRow[];
  /** The state folder holds more, or larger files, than was searched. */
  copiesCut: boolean;
  /** Accounts that were carried over from files of earlier versions, which nobody reads from now on. */
  carriedOver: CarriedRow[];
  /** What is removed here is still valid at the vendor. `url`: where it shows its keys; null where that is not known. */
  revokeAt: { provider: string; vendor: string; url: string | null }[];
  /** Who is asked now, for each provider. */
  asked: { provider: string; profiles: string[] }[];
}

export interface RemovedAccount {
  profileId: string;
  provider: string;
  type: "api_key" | "token" | "oauth";
  fingerprint: string;
  /** Where the secret rests that was not in the store itself. */
  reference: string | null;
  /** For a secret in the system's keychain. */
  keychain: KeychainRow | null;
}

export interface KeychainRow {
  outcome: "removed" | "absent" | "left" | "failed";
  detail: string | null;
}
