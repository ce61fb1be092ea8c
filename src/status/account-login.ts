import type { AuthProfile } from "../credentials/profile.ts";
import type { LastRefresh } from "../credentials/stored-login.ts";

/** How a login that was made with this program is renewed. Times are milliseconds since 1970. */
export interface LoginRow {
  /** As `--method` names it. */
  method: string;
  /** Who renews it: the host of the token address. */
  issuer: string;
  obtainedAt: number;
  /** When it was last tried, by which program, and how that went. */
  lastRefresh: { at: number; by: string; outcome: LastRefresh["outcome"]; why: string | null } | null;
  /** A renewal that began and noted no end: it is under way, or was interrupted. */
  begun: { at: number; by: string } | null;
  /** Only a new login helps. */
  needsLogin: { since: number; why: string } | null;
  /** How far the issuer's clock is ahead of this machine's, where that is more than a minute. */
  clockAheadMs: number | null;
}

export function loginRow({ login }: AuthProfile): LoginRow | null {
  if (login === undefined) return null;
  const { method, tokenUrl, program, obtainedAtMs, lastRefresh, intent, needsLogin, clockAheadMs } = login;
  return {
    method,
    issuer: program !== undefined ? `plugin ${program}` : URL.canParse(tokenUrl) ? new URL(tokenUrl).host : tokenUrl,
    obtainedAt: obtainedAtMs,
    lastRefresh: lastRefresh === undefined ? null : { at: lastRefresh.atMs, by: lastRefresh.by, outcome: lastRefresh.outcome, why: lastRefresh.why ?? null },
    begun: intent === undefined ? null : { at: intent.atMs, by: intent.by },
    needsLogin: needsLogin === undefined ? null : { since: needsLogin.sinceMs, why: needsLogin.why },
    clockAheadMs: clockAheadMs ?? null,
  };
}
