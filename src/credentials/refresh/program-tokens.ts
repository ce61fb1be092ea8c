import { Secret } from "../../kernel/secret.ts";
import type { ProgramReply } from "../../plugins/ask-program.ts";
import { asFields } from "../stored-profile.ts";
import { type NewTokens, type TokenAnswer, EXPIRED, lifetimeOf } from "./token-answer.ts";

/**
 * What a plugin's program made of a refresh token, as an issuer's answer. Only its plain word that the token is no longer good ends a login; where it broke
 * down, the token may be spent.
 */
export function readProgramTokens(reply: ProgramReply, provider: string): TokenAnswer {
  if (reply.kind === "failed") return { kind: reply.at === "start" ? "unsent" : reply.at === "answer" ? "declined" : "lost", why: reply.why };
  const { refused, provider: named = provider, credential } = reply.answer;
  if (refused === true && credential === undefined) return { kind: "refused", why: "says that the refresh token is no longer good" };
  const given = asFields(credential);
  if (given === undefined || given["kind"] !== "oauth" || named !== provider) return { kind: "lost", why: "answered with no login of this provider" };
  return tokensIn(given);
}

/** A new refresh token is kept whatever else is wrong: the old one may be spent. */
function tokensIn(given: Readonly<Record<string, unknown>>): TokenAnswer {
  const [access, refresh] = [secretIn(given["value"]), secretIn(given["refresh"])];
  const kept: NewTokens = refresh === undefined ? {} : { refresh };
  const lifetime = lifetimeOf(given["expiresInSeconds"]);
  if (access !== undefined && lifetime !== "over") return { kind: "tokens", tokens: { access, ...kept, ...lifetime } };
  const doubt = access === undefined ? "answered without an access token that can be used" : EXPIRED;
  return refresh === undefined ? { kind: "lost", why: doubt } : { kind: "tokens", tokens: { ...kept, doubt } };
}

/** One that could travel in a header. */
function secretIn(value: unknown): Secret | undefined {
  return typeof value === "string" && /^[\u0021-\u007e]{1,16384}$/.test(value) ? new Secret(value) : undefined;
}
