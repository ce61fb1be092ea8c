import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Secret } from "../kernel/secret.ts";
import type { LicenceOfUse } from "../provider/login-method.ts";
import type { StoredLogin } from "./stored-login.ts";

/** The secret itself. Times are milliseconds since 1970. */
export type Credential = Secrets & {
  /** What it may be used for, where its own shape does not say that; see `licence.ts`. */
  readonly licence?: LicenceOfUse;
};

type Secrets =
  | { readonly kind: "api_key"; readonly key: Secret }
  | { readonly kind: "token"; readonly token: Secret; readonly expiresAtMs?: number }
  | { readonly kind: "oauth"; readonly access: Secret; readonly refresh: Secret; readonly expiresAtMs: number | undefined };

/**
 * Where a profile came from.
 * `store`: an auth store; `inherited` when a secondary agent reads the main agent's. `env`: a variable, and where it was set.
 * `config`: `models.providers.<id>.apiKey`; its place costs a second reading of the file. `models.json`: the agent's generated file. `given`: in memory, by
 * the program that uses the library.
 */
export type Origin =
  | { readonly kind: "store"; readonly file: string; readonly inherited: boolean }
  | { readonly kind: "env"; readonly variable: string; readonly setIn: "process" | "dotenv" | "config" | "shell"; readonly file?: string }
  | { readonly kind: "config"; readonly file: string; readonly place: Place | undefined }
  | { readonly kind: "models.json"; readonly file: string }
  | { readonly kind: "given"; readonly file?: never };

/** Where a secret rests that is not in the store itself. Written as `env:NAME`, `file:/path`, `exec:["program","argument"]`, `keyring:service/account`. */
export type SecretReference =
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "exec"; readonly command: readonly string[] }
  | { readonly kind: "keyring"; readonly service: string; readonly account: string };

/** One way to be someone to one provider. Wherever it came from, it looks like this from here on. */
export interface AuthProfile {
  /** "anthropic:work"; "env:GROQ_API_KEY"; "config:lab". */
  readonly id: ProfileId;
  readonly provider: ProviderId;
  readonly origin: Origin;
  /** Of a reference that was not followed, or leads nowhere, the secret is blank. */
  readonly credential: Credential;
  readonly reference?: SecretReference;
  /** Why the reference leads to no secret, in words after "but". Programs and the keychain are asked only when the secret is needed. */
  readonly unresolved?: string;
  /** What to do about it, as a sentence. */
  readonly unresolvedHint?: string;
  readonly email?: string;
  /** Of a login that was made with this program: it alone renews it. One without belongs to another program, which renews it. */
  readonly login?: StoredLogin;
}

/** Its secret is with a program or in the keychain, and nobody asked for it yet. */
export function awaitsLookup({ reference, unresolved }: Pick<AuthProfile, "reference" | "unresolved">): boolean {
  return unresolved === undefined && (reference?.kind === "exec" || reference?.kind === "keyring");
}
