import { assertNever } from "../kernel/errors.ts";
import { objectAt } from "../kernel/json-value.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { Secret } from "../kernel/secret.ts";
import type { Credential, SecretReference } from "./profile.ts";
import { readStoredLogin } from "./read-stored-login.ts";
import { parseReference } from "./reference.ts";
import { toSecret } from "./secret-text.ts";
import type { StoredLogin } from "./stored-login.ts";

/** One entry of an auth store as it was read. `provider` is as written. */
export type StoredEntry =
  | {
      readonly kind: "profile";
      readonly provider: string;
      readonly credential: Credential;
      readonly reference?: SecretReference;
      readonly email?: string;
      readonly login?: StoredLogin;
      readonly doubts: readonly EntryFault[];
    }
  | ({ readonly kind: "broken" } & EntryFault);

export interface EntryFault {
  readonly message: string;
  readonly hint: string;
}

type Fields = Readonly<Record<string, unknown>>;

const KINDS = ["api_key", "token", "oauth"] as const;
type Kind = (typeof KINDS)[number];

/** Which field holds the secret, and which further ones an entry of that kind may have. */
const FIELDS = {
  api_key: { secret: "key", others: ["type", "provider", "email", "ref", "metadata"] },
  token: { secret: "token", others: ["type", "provider", "email", "ref", "expires", "metadata"] },
  oauth: {
    secret: "access",
    others: ["type", "provider", "email", "expires", "refresh", "clientId", "enterpriseUrl", "projectId", "accountId", "metadata"],
  },
} as const satisfies Record<Kind, { secret: string; others: readonly string[] }>;

const NOT_WRITTEN: EntryFault["hint"] = "The entry is left as it is; correct it in the file.";
/** Seconds since 1970 where milliseconds belong: 2001 to 2286 as seconds, January to April 1970 as milliseconds. */
const LOOKS_LIKE_SECONDS = { from: 1e9, to: 1e10 };

/** `fallback`: for legacy files, whose entries are keyed by provider and need not repeat it, nor their kind. */
export function readStoredEntry(value: unknown, fallback: { provider?: string; kind?: Kind } = {}): StoredEntry {
  const fields = objectAt(value);
  if (fields === undefined) return broken("is not an object", NOT_WRITTEN);
  const kind = fields["type"] ?? fallback.kind;
  if (!isKind(kind)) return broken(kindFault(kind), `The types are ${KINDS.join(", ")}. ${NOT_WRITTEN}`);
  const provider = fields["provider"] ?? fallback.provider;
  if (typeof provider !== "string" || provider.trim() === "") return broken('has no "provider"', `Add "provider" with the provider's id. ${NOT_WRITTEN}`);
  const fault = secretFault(fields, kind);
  if (fault !== undefined) return { kind: "broken", ...fault };
  const referred = referenceIn(fields, kind);
  if ("message" in referred) return { kind: "broken", ...referred };
  const email = typeof fields["email"] === "string" ? fields["email"].trim() : "";
  const login = fields["signalbox"] === undefined ? undefined : readStoredLogin(fields["signalbox"]);
  return {
    kind: "profile",
    provider,
    credential: readCredential(fields, kind),
    ...(referred.reference !== undefined && { reference: referred.reference }),
    ...(email !== "" && { email }),
    ...(login !== undefined && { login }),
    doubts: [...referred.doubts, ...expiryDoubts(fields, kind)],
  };
}

const ONE_TOO_MANY = "Take one of the two out of the file.";

/** `ref` stands in place of the secret: older agents see an entry without one, and pass it over. Beside a secret it counts for nothing. */
function referenceIn(fields: Fields, kind: Kind): { readonly reference?: SecretReference; readonly doubts: readonly EntryFault[] } | EntryFault {
  const text = fields["ref"];
  if (text === undefined || text === null) return { doubts: [] };
  if (kind === "oauth")
    return { message: 'has a "ref", which a login cannot have', hint: "Keys and tokens can be references; a login renews itself in the store." };
  if (typeof text !== "string") return { message: 'has a "ref" that is not text', hint: NOT_WRITTEN };
  const secret = fields[FIELDS[kind].secret];
  if (typeof secret === "string" && secret.trim() !== "") {
    return { doubts: [{ message: `has both "${FIELDS[kind].secret}" and "ref"; the first counts`, hint: ONE_TOO_MANY }] };
  }
  const reading = parseReference(text);
  if (reading.kind === "reference") return { reference: reading.reference, doubts: [] };
  return { message: `has a "ref" that ${reading.reason}`, hint: reading.hint };
}

function readCredential(fields: Fields, kind: Kind): Credential {
  const expiresAtMs = typeof fields["expires"] === "number" ? fields["expires"] : undefined;
  switch (kind) {
    case "api_key":
      return { kind, key: secretOf(fields["key"]) };
    case "token":
      return { kind, token: secretOf(fields["token"]), ...(expiresAtMs !== undefined && { expiresAtMs }) };
    case "oauth":
      return { kind, access: secretOf(fields["access"]), refresh: secretOf(fields["refresh"]), expiresAtMs };
    default:
      return assertNever(kind);
  }
}

function secretOf(value: unknown): Secret {
  return typeof value === "string" ? toSecret(value) : new Secret("");
}

/** A secret that is no text, or that stands under another name. An absent one is no fault: the profile is then shown as missing. */
function secretFault(fields: Fields, kind: Kind): EntryFault | undefined {
  const { secret, others } = FIELDS[kind];
  const wrong = [secret, ...(kind === "oauth" ? ["refresh"] : [])].find(
    (name) => fields[name] !== undefined && fields[name] !== null && typeof fields[name] !== "string",
  );
  if (wrong !== undefined) return { message: `has a "${wrong}" that is not text`, hint: NOT_WRITTEN };
  if (typeof fields[secret] === "string") return undefined;
  const known: readonly string[] = [secret, ...others];
  const misnamed = Object.keys(fields).find((name) => !known.includes(name) && typeof fields[name] === "string" && looksLike(name, secret));
  if (misnamed === undefined) return undefined;
  return {
    message: `has "${misnamed}", which is not a field of ${kind === "token" ? "a" : "an"} ${kind} profile`,
    hint: `Did you mean "${secret}"? ${NOT_WRITTEN}`,
  };
}

function looksLike(name: string, secret: string): boolean {
  const words = name.toLowerCase();
  return [secret, "key", "token", "secret", "access"].some((word) => words.includes(word)) || didYouMean(name, [secret]) !== "";
}

function kindFault(kind: unknown): string {
  if (kind === undefined) return 'has no "type"';
  if (typeof kind !== "string") return 'has a "type" that is not text';
  return `has the unknown type "${kind.slice(0, 40)}".${didYouMean(kind, KINDS)}`;
}

function expiryDoubts(fields: Fields, kind: Kind): EntryFault[] {
  const expires = fields["expires"];
  if (kind === "api_key" || expires === undefined || expires === null) return [];
  if (typeof expires !== "number")
    return [{ message: 'has an "expires" that is not a number; it counts as having none', hint: "Write it as milliseconds since 1970, without quotes." }];
  if (expires < LOOKS_LIKE_SECONDS.from || expires >= LOOKS_LIKE_SECONDS.to) return [];
  return [
    { message: 'has an "expires" that looks like seconds; it is read as milliseconds and lies in 1970', hint: `Write ${expires}000 if seconds were meant.` },
  ];
}

function isKind(value: unknown): value is Kind {
  return KINDS.some((kind) => kind === value);
}

function broken(message: string, hint: string): StoredEntry {
  return { kind: "broken", message, hint };
}
