import { check } from "../../config/check.ts";
import type { ObjectShape, ValueOf } from "../../config/shape.ts";
import { Secret } from "../../kernel/secret.ts";
import { isVendorToolSecret } from "../authorize.ts";
import { accountOf } from "./account.ts";
import { isUserCode } from "./device-flow.ts";
import { trustedUrl } from "./endpoint.ts";
import { answerInvalid } from "./failures.ts";

/** What a plugin's program says to one question of a login, checked. */
export type ProgramAnswer =
  | {
      readonly kind: "page";
      readonly url: string;
      readonly userCode: string | undefined;
      readonly handle: Secret;
      readonly intervalSeconds: number;
      readonly lifetimeSeconds: number;
    }
  /** Nobody has agreed yet. */
  | { readonly kind: "pending"; readonly handle: Secret | undefined; readonly intervalSeconds: number | undefined }
  | {
      readonly kind: "credential";
      readonly credential: EndlessCredential;
      readonly lifetimeSeconds: number | undefined;
      readonly email: string | undefined;
    };

/** Its end is counted from when it came. */
export type EndlessCredential =
  | { readonly kind: "api_key"; readonly key: Secret }
  | { readonly kind: "token"; readonly token: Secret }
  | { readonly kind: "oauth"; readonly access: Secret; readonly refresh: Secret };

const text = { kind: "text" } as const;
const seconds = { kind: "number", range: "above zero", whole: true } as const;

const CREDENTIAL = {
  kind: "object",
  others: "refused",
  needs: ["kind", "value"],
  entries: { kind: { kind: "choice", options: ["api_key", "token", "oauth"] }, value: text, refresh: text, expiresInSeconds: seconds },
} as const satisfies ObjectShape;

const ANSWER = {
  kind: "object",
  others: "refused",
  entries: {
    provider: text,
    page: { kind: "object", others: "refused", needs: ["url"], entries: { url: text, userCode: text, expiresInSeconds: seconds } },
    handle: text,
    intervalSeconds: seconds,
    pending: { kind: "flag" },
    credential: CREDENTIAL,
    email: text,
  },
} as const satisfies ObjectShape;

type Written = ValueOf<typeof ANSWER>;

const USUAL_INTERVAL = 5;
const LONGEST_INTERVAL = 60;
const USUAL_LIFETIME = 900;
const LONGEST_LIFETIME = 3600;
const SHORTEST_TOKEN_LIFE = 120;
const LONGEST_TOKEN_LIFE = 10 * 366 * 24 * 3600;
const LONGEST_HANDLE = 4096;
const LONGEST_SECRET = 16_384;

/** Throws LOGIN_ANSWER_INVALID, which quotes nothing of it. `who`: whose answer it is. */
export function readLoginAnswer(answer: Readonly<Record<string, unknown>>, provider: string, who: string): ProgramAnswer {
  const { value, findings } = check(ANSWER, answer);
  const written = value as Written | undefined;
  if (findings.length > 0 || written === undefined) throw answerInvalid(who, "it is not as the contract has it");
  const { page, pending, credential, handle: shown, intervalSeconds } = written;
  if (written.provider !== undefined && written.provider !== provider) throw answerInvalid(who, "it speaks of another provider");
  if ([page !== undefined, pending === true, credential !== undefined].filter(Boolean).length !== 1)
    throw answerInvalid(who, "there has to be a page, a credential, or the word that nobody agreed yet");
  const handle = shown === undefined ? undefined : secretIn(shown, LONGEST_HANDLE, who);
  const pause = intervalSeconds === undefined ? undefined : Math.min(intervalSeconds, LONGEST_INTERVAL);
  if (page !== undefined) return { ...pageOf(page, handle, who), intervalSeconds: pause ?? USUAL_INTERVAL };
  if (credential === undefined) return { kind: "pending", handle, intervalSeconds: pause };
  const { expiresInSeconds: lifetimeSeconds } = credential;
  return { kind: "credential", credential: credentialOf(credential, who), lifetimeSeconds, email: accountOf(written, undefined).email };
}

type Shown = Omit<Extract<ProgramAnswer, { readonly kind: "page" }>, "intervalSeconds">;

function pageOf({ url, userCode, expiresInSeconds }: NonNullable<Written["page"]>, handle: Secret | undefined, who: string): Shown {
  const trusted = trustedUrl(url);
  if (trusted === undefined) throw answerInvalid(who, "its page is no address that can be shown");
  if (userCode !== undefined && !isUserCode(userCode)) throw answerInvalid(who, "the code for the page cannot be shown");
  if (handle === undefined) throw answerInvalid(who, "there is no handle in it for the next question");
  const lifetimeSeconds = Math.min(expiresInSeconds ?? USUAL_LIFETIME, LONGEST_LIFETIME);
  return { kind: "page", url: trusted.href, userCode, handle, lifetimeSeconds };
}

function credentialOf({ kind, value, refresh, expiresInSeconds: life }: NonNullable<Written["credential"]>, who: string): EndlessCredential {
  if ((kind === "oauth") !== (refresh !== undefined)) throw answerInvalid(who, "oauth comes with a refresh token, and nothing else does");
  if (life !== undefined && (kind === "api_key" || life < SHORTEST_TOKEN_LIFE || life > LONGEST_TOKEN_LIFE))
    throw answerInvalid(who, "the lifetime makes no sense");
  const secret = secretIn(value, LONGEST_SECRET, who);
  if (isVendorToolSecret({ kind: "token", token: secret })) throw answerInvalid(who, "it is a token for a vendor's own program alone");
  if (refresh !== undefined) return { kind: "oauth", access: secret, refresh: secretIn(refresh, LONGEST_SECRET, who) };
  return kind === "api_key" ? { kind, key: secret } : { kind: "token", token: secret };
}

/** One that could travel in a header. */
function secretIn(written: string, longest: number, who: string): Secret {
  if (written.length <= longest && /^[\u0021-\u007e]+$/.test(written)) return new Secret(written);
  throw answerInvalid(who, "a secret in it holds characters that cannot travel in a header, or too many");
}
