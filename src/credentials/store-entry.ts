import { assertNever } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";
import type { Secret } from "../kernel/secret.ts";
import type { Credential, SecretReference } from "./profile.ts";
import { referenceText } from "./reference.ts";
import type { StoredLogin } from "./stored-login.ts";

/** What is to be stored under one id. With a reference, the secret of `credential` is not written. */
export interface EntryContent {
  readonly provider: ProviderId;
  readonly credential: Credential;
  readonly reference?: SecretReference;
  readonly email?: string;
  /** Without it, what the entry says of an earlier login goes. */
  readonly login?: StoredLogin;
}

/**
 * One entry of an auth store as it is to be written. What an entry of the same kind and provider has besides stays, in its place (`metadata`,
 * `clientId`); of another one nothing does. With a reference the secret itself is not written.
 */
export function storedEntry(profile: EntryContent, before: unknown, idOf: (text: string) => ProviderId): Readonly<Record<string, unknown>> {
  const { provider, credential, reference, email, login } = profile;
  const fields = new Map(Object.entries(isAlike(before, profile, idOf) ? (objectAt(before) ?? {}) : {}));
  const put = (name: string, value: unknown): void => void (value === undefined ? fields.delete(name) : fields.set(name, value));
  const secret = (value: Secret): string | undefined => (reference === undefined ? value.reveal() : undefined);
  put("type", credential.kind);
  if (!fields.has("provider")) put("provider", provider);
  switch (credential.kind) {
    case "api_key":
      put("key", secret(credential.key));
      break;
    case "token":
      put("token", secret(credential.token));
      put("expires", credential.expiresAtMs);
      break;
    case "oauth":
      put("access", credential.access.reveal());
      put("refresh", credential.refresh.reveal());
      put("expires", credential.expiresAtMs);
      break;
    default:
      assertNever(credential);
  }
  put("ref", reference === undefined ? undefined : referenceText(reference));
  if (email !== undefined) put("email", email);
  put("signalbox", login === undefined ? undefined : writtenLogin(login, fields.get("signalbox")));
  return Object.fromEntries(fields);
}

/** What we do not know in it stays; what is to be gone goes. */
function writtenLogin(login: StoredLogin, before: unknown): Readonly<Record<string, unknown>> {
  const kept = Object.entries(objectAt(before) ?? {}).filter(([name]) => !LOGIN_FIELDS.has(name));
  return { ...login, ...Object.fromEntries(kept) };
}

const LOGIN_FIELDS: ReadonlySet<string> = new Set<keyof StoredLogin>([
  ...(["method", "licence", "tokenUrl", "clientId", "clientSecretVariable", "clientSecretIn", "issuer", "scopes", "generation", "obtainedAtMs"] as const),
  ...(["lifetimeSeconds", "clockAheadMs", "intent", "lastRefresh", "needsLogin", "program"] as const),
]);

function isAlike(before: unknown, { provider, credential }: EntryContent, idOf: (text: string) => ProviderId): boolean {
  const fields = objectAt(before);
  return fields?.["type"] === credential.kind && typeof fields["provider"] === "string" && idOf(fields["provider"]) === provider;
}
