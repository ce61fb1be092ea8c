import type { Source } from "./provider.ts";

/**
 * What a credential may be used for, as its vendor allows it. `own-client`: got with a registration of ours or of the person's own, or without any.
 * `vendor-announced`: the vendor says in public that other programs may, without written terms. `delegate-binary`: another program of this machine
 * holds it, and only that one hands it out. `vendor-tool-only`: for the vendor's own program alone: kept, and handed to nobody.
 */
export type LicenceOfUse = "own-client" | "vendor-announced" | "delegate-binary" | "vendor-tool-only";

/** One way to log in to one provider, as data. */
export interface LoginMethod {
  /** What `--method` takes, for example "browser", "device". One of a provider has it once. */
  readonly id: string;
  readonly label: string;
  readonly licence: LicenceOfUse;
  /** What the vendor thinks of it, where that is not plainly yes: one sentence, shown before the login begins. */
  readonly standing?: string;
  /** What `--set-default` chooses: a model id of the provider. */
  readonly defaultModel?: string;
  /** What an account is called whose address the vendor does not tell; "default" unless told. */
  readonly accountName?: string;
  readonly flow: LoginFlow;
  readonly source: Source;
}

/** How to log in to each provider, by its id; the best way first. Providers that take nothing but a key need not be in it. */
export type LoginTable = ReadonlyMap<string, readonly LoginMethod[]>;

/** Checked by the compiler here and by the contract tests; returns what it was given. */
export function defineLogins(methods: readonly LoginMethod[]): readonly LoginMethod[] {
  return methods;
}

export type LoginFlow =
  /** OAuth 2: the endpoints, or an issuer that tells them. */
  | {
      readonly kind: "authorization-code" | "device-code";
      /** For discovery (`/.well-known/openid-configuration`, then RFC 8414). */
      readonly issuer?: string;
      readonly authorizeUrl?: string;
      readonly deviceUrl?: string;
      readonly tokenUrl?: string;
      readonly userinfoUrl?: string;
      readonly client: LoginClient;
      readonly scopes: readonly string[];
      /** Where the browser comes back to; any port of 127.0.0.1 and `/callback` unless the registration prescribes it. */
      readonly redirect?: { readonly host: "127.0.0.1" | "localhost"; readonly port?: number; readonly path: string };
      /** Further parameters of the authorization request. */
      readonly authorizeParameters?: Readonly<Record<string, string>>;
      /** Where in the id token the vendor says which account it is, member by member; `sub` unless told. */
      readonly accountClaim?: readonly string[];
    }
  /** OpenRouter's own: PKCE without a client or a state, and the result is a key. */
  | { readonly kind: "openrouter-pkce"; readonly authorizeUrl: string; readonly keysUrl: string }
  /** A person makes a key on a page and pastes it. `takes`: what is made there, a key unless told. */
  | { readonly kind: "api-key-page"; readonly page: string; readonly takes?: "token" | "setup-token" }
  /** The program of the plugin that brings the provider. */
  | { readonly kind: "program"; readonly pluginId: string }
  /** Another program logs in and keeps the login. */
  | { readonly kind: "delegate"; readonly program: string; readonly loginArguments: readonly string[]; readonly checkArguments: readonly string[] };

/** Whose registration is used. Ids of other products are never built in. */
export type LoginClient =
  | { readonly kind: "own"; readonly howTo: string; readonly page?: string; readonly needsSecret?: true }
  /** The vendor published an id for everybody's use. */
  | { readonly kind: "public"; readonly clientId: string };
