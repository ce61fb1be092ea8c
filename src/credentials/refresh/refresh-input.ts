import type { Agents } from "../../config/agents.ts";
import type { InstallationNames } from "../../config/installation.ts";
import type { LoadedConfig } from "../../config/loaded-config.ts";
import type { ErrorCode } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { ProviderId } from "../../kernel/ids.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import type { AuthProfile, Credential } from "../profile.ts";
import type { StoredLogin } from "../stored-login.ts";

/** What a renewal needs to know besides the profile. */
export interface RefreshInput {
  readonly host: Host;
  readonly idOf: (text: string) => ProviderId;
  readonly config: LoadedConfig;
  readonly names?: InstallationNames;
  readonly agents?: Agents;
  /** Which program, in words: "models auth refresh", "gateway". */
  readonly by: string;
  /** A process that lives on renews a login that is due behind the caller's back; another one waits for it. */
  readonly lives: "long" | "short";
  /** For what a person must not miss: tokens that could not be stored. */
  warn(text: string): void;
  /** The plugin whose program renews logins of a provider. */
  readonly programOf?: (provider: ProviderId) => AskedPlugin | undefined;
  readonly patience?: Patience;
}

/** How long things may take. The lock's has to be longer than the request's. */
export interface Patience {
  readonly lockMs: number;
  /** For the request to the issuer, with all that is tried again. */
  readonly requestMs: number;
}

export const USUAL_PATIENCE: Patience = { lockMs: 30_000, requestMs: 20_000 };

/** A login that we renew, with what the store says of it. */
export interface OwnLogin extends AuthProfile {
  readonly origin: Extract<AuthProfile["origin"], { readonly kind: "store" }>;
  readonly credential: Extract<Credential, { readonly kind: "oauth" }>;
  readonly login: StoredLogin;
}

/** Why a login was not renewed, or what is wrong although it was. */
export interface RefreshProblem {
  readonly code: ErrorCode;
  /** A sentence that begins with the profile's id; no secret. */
  readonly message: string;
  readonly hint: string;
}

/** `current`: nothing had to be done, or could be. `adopted`: another process had renewed it. */
export type FreshHow = "current" | "renewed" | "adopted";

export type FreshCredential =
  /** With a `problem`: it is still good, but could not be renewed, or not stored. */
  | { readonly kind: "fresh"; readonly how: FreshHow; readonly profile: AuthProfile; readonly problem?: RefreshProblem }
  /** `profile` as it is stored now. */
  | { readonly kind: "unusable"; readonly profile: AuthProfile; readonly problem: RefreshProblem };

export function isOwnLogin(profile: AuthProfile): profile is OwnLogin {
  return profile.login !== undefined && profile.credential.kind === "oauth" && profile.origin.kind === "store";
}
