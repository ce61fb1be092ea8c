import type { IncomingHttpHeaders } from "node:http";

export interface IdentityProviderOptions {
  readonly port?: number;
  readonly lifetimeSeconds?: number;
  readonly graceSeconds?: number;
  readonly latencyMs?: number;
  readonly intervalSeconds?: number;
  readonly decision?: "approve" | "deny";
  readonly clientSecret?: string;
  readonly email?: string | undefined;
  readonly subject?: string;
  readonly lies?: Lies;
}

export type Endpoint = "discovery" | "authorize" | "device" | "token" | "userinfo" | "keys";
export type Lies = Partial<Record<Endpoint, Readonly<Record<string, unknown>>>>;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly family: string;
}

export interface IdentityProvider {
  readonly url: string;
  readonly counts: Readonly<Record<Endpoint | "refreshed" | "reused" | "revoked" | "other", number>>;
  readonly asked: readonly SeenRequest[];
  readonly lies: Lies;
  fault(endpoint: Endpoint, name: keyof typeof FAULTS, times?: number): void;
  hold(endpoint: Endpoint): () => void;
  approve(userCode: string): void;
  deny(userCode: string): void;
  seed(): Tokens;
  latest(family: string): Tokens | undefined;
  isRevoked(family: string): boolean;
  isLive(access: string): boolean;
  close(): Promise<void>;
}

export declare function startIdentityProvider(options?: IdentityProviderOptions): Promise<IdentityProvider>;

export declare const FAULTS: Readonly<
  Record<
    | "stall"
    | "stall_body"
    | "drop"
    | "lost"
    | "stall_after"
    | "status_500"
    | "status_503"
    | "rate_limit"
    | "invalid_grant"
    | "invalid_client"
    | "slow_down"
    | "pending"
    | "pending_200"
    | "expired_token"
    | "access_denied"
    | "html"
    | "not_json"
    | "list"
    | "giant"
    | "redirect"
    | "no_refresh_token"
    | "no_expiry"
    | "string_expiry"
    | "negative_expiry"
    | "short_expiry"
    | "endless_expiry"
    | "mac_token"
    | "changed_scope"
    | "no_access_token",
    unknown
  >
>;
