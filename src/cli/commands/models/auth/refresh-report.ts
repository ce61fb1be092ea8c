/** What came of each login. Times are milliseconds since 1970. */
export interface AuthRefreshReport {
  schemaVersion: 1;
  agentId: string;
  /** Logins that were made with this program. */
  logins: RefreshRow[];
  /** Logins that other programs made, and renew: never touched here. */
  leftAlone: { profileId: string; provider: string }[];
}

export interface RefreshRow {
  profileId: string;
  provider: string;
  /** `adopted`: another process had renewed it. `failed`: `problem` says why; while `usable`, the old token serves on. */
  outcome: "renewed" | "adopted" | "not due" | "failed" | "needs login";
  usable: boolean;
  expiresAt: number | null;
  problem: { code: string; message: string; hint: string } | null;
}
