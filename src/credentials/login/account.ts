import type { Host } from "../../kernel/host.ts";
import type { HttpDeadlines } from "../../kernel/http.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { authorize } from "../authorize.ts";
import type { Credential } from "../profile.ts";
import { askVendor } from "./ask-vendor.ts";

/** Whose login it is: to name it by, and for no decision. */
export interface Account {
  readonly email?: string;
  readonly accountId?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Nobody waits long for a name. */
const DEADLINES: HttpDeadlines = { connectMs: 5000, firstByteMs: 5000, idleMs: 5000, totalMs: 5000 };

/** What an id token says, unverified. It came over TLS from the token endpoint itself (OpenID Connect Core, 3.1.3.7). */
export function accountOfToken(idToken: unknown, claim: readonly string[] | undefined): Account {
  const [, payload = ""] = typeof idToken === "string" ? idToken.split(".") : [];
  const claims = payload === "" ? undefined : decoded(payload);
  if (claims === undefined) return {};
  return accountOf(claims, claim === undefined ? claims["sub"] : memberAt(claims, claim));
}

/** What the vendor says of the login's owner; nothing where it does not say. */
export async function askAccount(host: Host, url: string, credential: Credential, signal: AbortSignal): Promise<Account> {
  const made = authorize({ method: "GET", url, headers: {} }, credential, { protocol: "openai-chat", quirks: {} });
  if (made.kind === "withheld") return {};
  const answer = await askVendor(host, made.request, signal, DEADLINES);
  if (answer.kind !== "fields" || answer.status !== 200) return {};
  const { sub, id, login } = answer.fields;
  return accountOf(answer.fields, sub ?? id ?? login);
}

export function accountOf({ email }: Fields, id: unknown): Account {
  const accountId = typeof id === "number" ? String(id) : id;
  return {
    ...(isEmail(email) && { email: email.trim() }),
    ...(typeof accountId === "string" && /^[\u0021-\u007e]{1,128}$/.test(accountId) && { accountId }),
  };
}

/** Letters of any script, none of which is empty space. */
const EMAIL = /^(?!.*[\u115f\u1160\u3164\uffa0])[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{M}\p{N}.-]+$/u;

function isEmail(value: unknown): value is string {
  return typeof value === "string" && value.length <= 254 && EMAIL.test(value.trim());
}

function memberAt(fields: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    const inner = objectAt(value);
    return inner !== undefined && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, fields);
}

function decoded(base64url: string): Fields | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    return objectAt(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
