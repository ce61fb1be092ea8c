import { CLOCKS_DIFFER_MS } from "../../kernel/duration.ts";
import type { HttpResponse } from "../../kernel/http.ts";
import { objectAt, parseJson } from "../../kernel/json-value.ts";
import type { Secret } from "../../kernel/secret.ts";
import { toToken } from "../secret-text.ts";
import { lifetimeIn, scopesIn } from "../token-fields.ts";

/** What an issuer made of a refresh token. `why` is a sentence's end that begins with who was asked, and holds nothing that the issuer wrote but codes. */
export type TokenAnswer =
  | { readonly kind: "tokens"; readonly tokens: NewTokens }
  /** The refresh token is no longer good. */
  | { readonly kind: "refused"; readonly why: string }
  /** The client, not the token, is refused: nothing helps but another configuration. */
  | { readonly kind: "misconfigured"; readonly why: string }
  /** Not now. The refresh token is as good as before. */
  | { readonly kind: "declined"; readonly why: string; readonly retryAfterMs?: number }
  /** Nothing was sent. */
  | { readonly kind: "unsent"; readonly why: string }
  /** It was sent, and what became of it is not known: the refresh token may be spent. */
  | { readonly kind: "lost"; readonly why: string };

export interface NewTokens {
  /** Absent from an answer that has nothing to use, but a refresh token to keep. */
  readonly access?: Secret;
  /** Absent: the old one stays. */
  readonly refresh?: Secret;
  readonly lifetimeSeconds?: number;
  readonly scopes?: readonly string[];
  /** How far the issuer's clock is ahead of ours. */
  readonly aheadMs?: number;
  /** What is odd about the answer. */
  readonly doubt?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Answers of servers in between, which may hide one that did its work, and of servers that broke down over it. */
const DOUBTFUL: ReadonlySet<number> = new Set([500, 502, 504, 520, 522, 524]);
const NOT_OURS: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client"]);

/**
 * `text` is undefined when it was longer than we read. A refresh token that came is kept, whatever else is said: the old one may be spent. A server that is
 * in trouble itself is not believed about ours, neither about the token nor about the client.
 */
export function readTokenAnswer({ status, headers }: Pick<HttpResponse, "status" | "headers">, text: string | undefined, nowMs: number): TokenAnswer {
  const fields = text === undefined ? undefined : objectAt(parseJson(text));
  const error = codeOf(fields?.["error"]);
  const isDone = status >= 200 && status < 300;
  if (isDone && fields !== undefined && (error === undefined || toToken(fields["refresh_token"]) !== undefined))
    return tokensIn(fields, aheadOf(headers["date"], nowMs));
  const isFinal = status < 500;
  if (isFinal && error === "invalid_grant") return { kind: "refused", why: "no longer accepts the refresh token (invalid_grant)" };
  if (isFinal && error !== undefined && NOT_OURS.has(error)) return { kind: "misconfigured", why: `does not know the client (${error})` };
  if (isDone && error === undefined) return { kind: "lost", why: `answered with ${text === undefined ? "more than 64 kB" : "something other than JSON"}` };
  if (DOUBTFUL.has(status)) return { kind: "lost", why: `is in trouble itself (${status})` };
  const after = retryAfterMs(headers["retry-after"], nowMs);
  return { kind: "declined", why: declinedText(status, error), ...(after !== undefined && { retryAfterMs: after }) };
}

function tokensIn(fields: Fields, aheadMs: number | undefined): TokenAnswer {
  const [access, refresh] = [toToken(fields["access_token"]), toToken(fields["refresh_token"])];
  const type = fields["token_type"];
  const isBearer = type === undefined || (typeof type === "string" && type.toLowerCase() === "bearer");
  const rest = { ...(refresh !== undefined && { refresh }), ...(aheadMs !== undefined && { aheadMs }) };
  const lifetime = lifetimeOf(fields["expires_in"]);
  if (access !== undefined && isBearer && lifetime !== "over")
    return { kind: "tokens", tokens: { access, ...rest, ...lifetime, ...scopesOf(fields["scope"]) } };
  const doubt = access === undefined ? NO_ACCESS_TOKEN : isBearer ? EXPIRED : "answered with a token of a kind that is not used here";
  return refresh === undefined ? { kind: "lost", why: doubt } : { kind: "tokens", tokens: { ...rest, doubt } };
}

export const NO_ACCESS_TOKEN = "answered without an access token that can be used";
export const EXPIRED = "answered with a token that has expired already";

/** "over": the token is not to be used, only the refresh token that came with it. One that cannot be is not believed, and the token is used. */
export function lifetimeOf(value: unknown): Pick<NewTokens, "lifetimeSeconds"> | "over" {
  const seconds = lifetimeIn(value);
  if (seconds === "over") return seconds;
  return typeof seconds === "number" ? { lifetimeSeconds: seconds } : {};
}

function scopesOf(value: unknown): Pick<NewTokens, "scopes"> {
  const scopes = scopesIn(value) ?? [];
  return scopes.length === 0 ? {} : { scopes };
}

function codeOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" && /^[a-z_]{1,40}$/.test(value) ? value : "unknown_error";
}

function declinedText(status: number, error: string | undefined): string {
  if (status === 429) return "is over a limit at the moment (429)";
  if (status >= 500) return `is in trouble itself (${status})`;
  if (status >= 300 && status < 400) return `sends on to another address (${status}), which was not followed`;
  return `refused the request (${error ?? status})`;
}

function aheadOf(date: string | undefined, nowMs: number): number | undefined {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  return Math.abs(theirs - nowMs) > CLOCKS_DIFFER_MS ? theirs - nowMs : undefined;
}

/** RFC 9110, 10.2.3. */
function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
