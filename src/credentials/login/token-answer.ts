import { Secret } from "../../kernel/secret.ts";
import { expiresAtMs } from "../refresh/renewal-times.ts";
import { lifetimeIn, scopesIn } from "../token-fields.ts";
import type { VendorAnswer } from "./ask-vendor.ts";
import { answerInvalid, loginFailed, refused } from "./failures.ts";

/** Tokens as they came, checked. */
export interface Tokens {
  readonly access: Secret;
  readonly refresh: Secret | undefined;
  readonly idToken: unknown;
  readonly scopes: readonly string[] | undefined;
  readonly lifetimeSeconds: number | undefined;
  readonly sentAtMs: number;
}

/** Throws what the vendor's refusal means, LOGIN_ANSWER_INVALID, and LOGIN_FAILED where there was no answer. `who`: "https://issuer.example". */
export function readTokens(answer: VendorAnswer, who: string): Tokens {
  if (answer.kind === "none") throw loginFailed(who, answer.why, "Check the network, then run the login again.");
  if (answer.kind === "unusable") throw answer.status >= 500 || answer.status === 429 ? inTrouble(who, answer.status) : answerInvalid(who, `it ${answer.why}`);
  const { fields, status, sentAtMs } = answer;
  const error = fields["error"] ?? "";
  if (error !== "") throw refused(typeof error === "string" ? error : "", fields["error_description"]);
  if (status >= 500 || status === 429) throw inTrouble(who, status);
  if (status !== 200) throw answerInvalid(who, `status ${status} without an error by name`);
  const access = tokenOf(fields["access_token"]);
  if (access === undefined) throw answerInvalid(who, "there is no access token in it");
  const kind = fields["token_type"] ?? "bearer";
  if (typeof kind !== "string" || kind.toLowerCase() !== "bearer") throw answerInvalid(who, "the token is of a kind other than bearer");
  return {
    access,
    refresh: tokenOf(fields["refresh_token"]),
    idToken: fields["id_token"],
    scopes: scopesIn(fields["scope"]),
    lifetimeSeconds: lifetimeOf(fields["expires_in"], who),
    sentAtMs,
  };
}

/** When tokens stop being used, counted from when they were asked for. */
export function expiryOf({ sentAtMs, lifetimeSeconds }: Pick<Tokens, "sentAtMs" | "lifetimeSeconds">): number | undefined {
  return lifetimeSeconds === undefined ? undefined : expiresAtMs(sentAtMs, lifetimeSeconds);
}

/** undefined for what could not travel in a header. */
function tokenOf(value: unknown): Secret | undefined {
  return typeof value === "string" && /^[\u0021-\u007e]+$/.test(value) ? new Secret(value) : undefined;
}

/** Without one, the token lives until the vendor says otherwise. */
function lifetimeOf(value: unknown, who: string): number | undefined {
  const seconds = lifetimeIn(value);
  if (seconds === "senseless") throw answerInvalid(who, "the token's lifetime makes no sense");
  if (seconds === "over") throw answerInvalid(who, "the token has expired already");
  return seconds === "none" ? undefined : seconds;
}

function inTrouble(who: string, status: number): Error {
  return loginFailed(who, status === 429 ? "is asked too often at the moment (429)" : `is in trouble itself (${status})`, "Run the login again in a while.");
}
