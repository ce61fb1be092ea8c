import type { LicenceOfUse } from "../provider/login-method.ts";

/** What an OAuth entry of the store holds besides the tokens, under its field `signalbox`: enough to renew it, and to say how that went. No secret. */
export interface StoredLogin {
  /** The method's id, for example "device". */
  readonly method: string;
  readonly licence: LicenceOfUse;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** The plugin whose program made it, and is asked for the next tokens: then there is no token address, and no client. */
  readonly program?: string;
  /** Where the client's secret is, for registrations that have one: a variable's name. */
  readonly clientSecretVariable?: string;
  /** How the client's secret travels; in the form unless told. */
  readonly clientSecretIn?: "form" | "header";
  readonly issuer?: string;
  readonly scopes: readonly string[];
  /** +1 with each new set of tokens; 1 at login. */
  readonly generation: number;
  /** When the tokens were got, milliseconds since 1970. */
  readonly obtainedAtMs: number;
  /** How long they live, in seconds, as the issuer said. */
  readonly lifetimeSeconds?: number;
  /** How far the issuer's clock is ahead of this machine's, where that is more than a minute. */
  readonly clockAheadMs?: number;
  /** Set before a refresh token is spent and taken out with its result: left over, a refresh was interrupted. */
  readonly intent?: RefreshIntent;
  readonly lastRefresh?: LastRefresh;
  /** Only a new login helps. The tokens stay. */
  readonly needsLogin?: NeedsLogin;
}

export interface RefreshIntent {
  readonly generation: number;
  readonly atMs: number;
  readonly by: string;
}

export interface LastRefresh {
  readonly atMs: number;
  /** Which program, in words: "models auth refresh", "gateway". */
  readonly by: string;
  readonly outcome: "renewed" | "adopted" | "failed" | "interrupted";
  /** For `failed`: a sentence's end, without secrets. */
  readonly why?: string;
  /** For `failed`: how many in a row, and before when nobody tries again. */
  readonly failures?: number;
  readonly retryAtMs?: number;
}

export interface NeedsLogin {
  readonly sinceMs: number;
  readonly why: string;
}
