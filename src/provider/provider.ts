import type { ProtocolId } from "./protocol-id.ts";
import type { StatedFailure } from "./stated-failure.ts";
import type { StatedUsage } from "./stated-usage.ts";

/** Where a fact was read, and on which day. */
export interface Source {
  /** A page or a published package that anyone can open. */
  readonly url: string;
  /** ISO day, for example "2026-11-21". */
  readonly checkedOn: string;
}

/**
 * One way to be someone to this provider, as offered: no secret is in it.
 * - `api_key`, `token`: a string, from one of the environment variables (strongest first) or stored.
 * - `oauth`: a login; its tokens are stored. Environment variables may carry an access token.
 * - `delegated`: another program of this machine holds the credential.
 * - `none`: the server asks for no credential.
 *
 * `note`: one sentence on what the vendor permits, or on what it needs from the person.
 */
export type AuthMethod =
  | {
      readonly kind: "api_key" | "token";
      readonly label: string;
      /** Empty where nobody documents a name. */
      readonly env: readonly string[];
      /** Prefixes of the key that the vendor itself publishes, longest first, for example "sk-ant-api03-". */
      readonly prefixes?: readonly string[];
      /** The page where a person makes one. */
      readonly page?: string;
      readonly note?: string;
    }
  | { readonly kind: "oauth"; readonly label: string; readonly env: readonly string[]; readonly flow: "browser" | "device"; readonly note?: string }
  | { readonly kind: "delegated"; readonly label: string; readonly to: "aws" | "gcloud" | "az" | "claude" | "codex"; readonly note?: string }
  | { readonly kind: "none"; readonly label: string; readonly note?: string };

/** Named departures from a protocol. A quirk that nobody reads is removed. */
export interface Quirks {
  /** The field that limits the answer's length, where it is not the protocol's own. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** How the endpoint is addressed, where the base URL alone does not say it. */
  readonly addressing?: "azure-deployment" | "vertex" | "bedrock-region" | "cloudflare-account" | "codex-backend" | "copilot-token";
  /** How the credential travels, where it is not the protocol's own way. */
  readonly authHeader?: "bearer" | "x-api-key" | "api-key" | "x-goog-api-key";
}

/** A vendor: who runs the endpoint. Data only; one file a vendor. */
export interface Provider {
  /** As installations write it in references: lower case. */
  readonly id: string;
  readonly label: string;
  /** Other spellings of the id in configs and other catalogues. */
  readonly aliases?: readonly string[];
  readonly protocol: ProtocolId;
  /** What it is for, where it answers no chat: it holds credentials and is never a candidate; its protocol then means nothing. */
  readonly serves?: "embeddings" | "transcription";
  /**
   * undefined where the address depends on the account (`quirks.addressing` then says how it is made) or on the user.
   * With the version for every protocol (`…/v1`, `…/v1beta`), except for `anthropic-messages`, whose requests add `/v1` themselves.
   */
  readonly baseUrl: string | undefined;
  /** Strongest first. */
  readonly auth: readonly AuthMethod[];
  /** The vendor's documentation of its API or of its models. */
  readonly docs: string;
  /** Appended to the base URL: the list of models that a credential may use. */
  readonly modelsPath?: string;
  /** Appended to the base URL: what the vendor tells of the credential itself, and of none to who shows none. Where the list of models is for everybody. */
  readonly identityPath?: string;
  /** Runs on the user's own machine or network. */
  readonly local?: boolean;
  readonly quirks: Quirks;
  /** What its failures mean, as a plugin states it; those of built-in vendors are rules of `protocols`. */
  readonly failures?: readonly StatedFailure[];
  /** Where it tells what is left, as a plugin states it; those of built-in vendors are readers of `usage`. */
  readonly usage?: StatedUsage;
  /** One sentence that a person who uses it should know. */
  readonly note?: string;
  /** Where the facts of this file were read; `facts` names those that were read elsewhere. */
  readonly source: Source;
  readonly facts?: Readonly<Partial<Record<ProviderFact, Source>>>;
}

/** `env`: the names of the variables and their order. `prefixes`: how keys begin. */
export type ProviderFact = "aliases" | "protocol" | "baseUrl" | "auth" | "env" | "prefixes" | "docs" | "modelsPath" | "identityPath" | "quirks" | "note";

/** Checked by the compiler here and by the contract tests; returns what it was given. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}

/** An API key from the first of these environment variables that is set. */
export function apiKey(env: string | readonly string[], more: { prefixes?: readonly string[]; page?: string; label?: string; note?: string } = {}): AuthMethod {
  const { label = "API key", ...rest } = more;
  return { kind: "api_key", label, env: typeof env === "string" ? [env] : env, ...rest };
}
