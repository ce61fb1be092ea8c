import { AppError, type ErrorCode } from "../../kernel/errors.ts";
import { redactStrictly } from "../../kernel/redact.ts";

const LONGEST_SAID = 200;

/** What an identity provider said, so that it can stand in a sentence: one line, without secrets, cut. */
export function quoted(text: unknown): string {
  if (typeof text !== "string") return "";
  const plain = redactStrictly(text.slice(0, 4 * LONGEST_SAID))
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, " ")
    .trim();
  if (plain === "") return "";
  return ` It says: "${plain.length > LONGEST_SAID ? `${plain.slice(0, LONGEST_SAID)}…` : plain}"`;
}

const AGAIN = "Run the login again.";

/** What an error of RFC 6749, 5.2 and 4.1.2.1, or of RFC 8628, 3.5, means to a person. */
const NAMED: ReadonlyMap<string, { readonly code: ErrorCode; readonly message: string; readonly hint: string }> = new Map([
  ["access_denied", { code: "LOGIN_DENIED", message: "the login was refused on the vendor's page", hint: `Nothing was stored. ${AGAIN}` }],
  ["consent_required", { code: "LOGIN_DENIED", message: "the vendor's page asks for a consent that was not given", hint: `Nothing was stored. ${AGAIN}` }],
  ["expired_token", { code: "LOGIN_EXPIRED", message: "the code was not entered in time", hint: AGAIN }],
  [
    "invalid_client",
    { code: "LOGIN_CLIENT_NEEDED", message: "the vendor does not accept the client id, or its secret", hint: "Check both against the registration." },
  ],
  [
    "unauthorized_client",
    { code: "LOGIN_CLIENT_NEEDED", message: "the registration does not allow this kind of login", hint: "Allow it where the client is registered." },
  ],
  [
    "invalid_grant",
    { code: "LOGIN_FAILED", message: "the vendor does not accept the code (any more)", hint: `A code is for one use and for a short time. ${AGAIN}` },
  ],
  ["invalid_scope", { code: "LOGIN_FAILED", message: "the vendor does not grant these scopes", hint: "Allow them where the client is registered." }],
  [
    "redirect_uri_mismatch",
    { code: "LOGIN_CLIENT_NEEDED", message: "the registration names another redirect address", hint: "Register the redirect address that this login uses." },
  ],
  ["unsupported_grant_type", { code: "LOGIN_FAILED", message: "the vendor does not offer this kind of login", hint: "Choose another with --method." }],
]);

/** The failure that an `error` of an identity provider stands for. */
export function refused(error: string, description: unknown): AppError {
  const named = NAMED.get(error);
  const said = quoted(description);
  if (named !== undefined) return new AppError(named.code, `${named.message}.${said}`, { hint: named.hint });
  const name = /^[\w.-]{1,64}$/.test(error) ? ` (${error})` : "";
  return new AppError("LOGIN_FAILED", `the vendor refused the login${name}.${said}`, { hint: AGAIN });
}

export function loginFailed(what: string, why: string, hint = AGAIN): AppError {
  return new AppError("LOGIN_FAILED", `${what} ${why}`, { hint });
}

export function answerInvalid(who: string, why: string): AppError {
  return new AppError("LOGIN_ANSWER_INVALID", `${who} answered something that cannot be used: ${why}`, {
    hint: `Nothing was stored. ${AGAIN} If it happens again, log in another way, or with an API key.`,
  });
}

export function loginExpired(): AppError {
  return new AppError("LOGIN_EXPIRED", "the login was not finished in time", { hint: AGAIN });
}
