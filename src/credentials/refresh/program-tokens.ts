import { objectAt } from "../../kernel/json-value.ts";
import type { ProgramReply } from "../../plugins/ask-program.ts";
import { toToken } from "../secret-text.ts";
import { EXPIRED, lifetimeOf, type NewTokens, NO_ACCESS_TOKEN, type TokenAnswer } from "./token-answer.ts";

/**
 * What a plugin's program made of a refresh token, as an issuer's answer. Only its plain word that the token is no longer good ends a login; where it broke
 * down, the token may be spent.
 */
export function readProgramTokens(reply: ProgramReply, provider: string): TokenAnswer {
  if (reply.kind === "failed") return { kind: reply.at === "start" ? "unsent" : reply.at === "answer" ? "declined" : "lost", why: reply.why };
  const { refused, provider: named = provider, credential } = reply.answer;
  if (refused === true && credential === undefined) return { kind: "refused", why: "says that the refresh token is no longer good" };
  const given = objectAt(credential);
  if (given === undefined || given["kind"] !== "oauth" || named !== provider) return { kind: "lost", why: "answered with no login of this provider" };
  return tokensIn(given);
}

/** A new refresh token is kept whatever else is wrong: the old one may be spent. */
function tokensIn(given: Readonly<Record<string, unknown>>): TokenAnswer {
  const [access, refresh] = [toToken(given["value"]), toToken(given["refresh"])];
  const kept: NewTokens = refresh === undefined ? {} : { refresh };
  const lifetime = lifetimeOf(given["expiresInSeconds"]);
  if (access !== undefined && lifetime !== "over") return { kind: "tokens", tokens: { access, ...kept, ...lifetime } };
  const doubt = access === undefined ? NO_ACCESS_TOKEN : EXPIRED;
  return refresh === undefined ? { kind: "lost", why: doubt } : { kind: "tokens", tokens: { ...kept, doubt } };
}
