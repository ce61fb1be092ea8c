import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Secret } from "../kernel/secret.ts";

/** The secret itself. Times are milliseconds since 1970. */
export type Credential =
  | { readonly kind: "api_key"; readonly key: Secret }
  | { readonly kind: "token"; readonly token: Secret; readonly expiresAtMs?: number }
  | { readonly kind: "oauth"; readonly access: Secret; readonly refresh: Secret; readonly expiresAtMs: number | undefined };

/**
 * Where a profile came from.
 * `store`: an auth store; `inherited` when a secondary agent reads the main agent's. `env`: a variable, and where it was set.
 * `config`: `models.providers.<id>.apiKey`; its place costs a second reading of the file. `models.json`: the agent's generated file.
 */
export type Origin =
  | { readonly kind: "store"; readonly file: string; readonly inherited: boolean }
  | { readonly kind: "env"; readonly variable: string; readonly setIn: "process" | "dotenv" | "config" | "shell"; readonly file?: string }
  | { readonly kind: "config"; readonly file: string; readonly place: Place | undefined }
  | { readonly kind: "models.json"; readonly file: string };

/** One way to be someone to one provider. Wherever it came from, it looks like this from here on. */
export interface AuthProfile {
  /** "anthropic:work"; "env:GROQ_API_KEY"; "config:lab". */
  readonly id: ProfileId;
  readonly provider: ProviderId;
  readonly origin: Origin;
  readonly credential: Credential;
  readonly email?: string;
}
