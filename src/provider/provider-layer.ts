import { assertNever } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { isLocal } from "./local-address.ts";
import type { ModelSpec } from "./model-spec.ts";
import type { AuthMethod, Provider, Source } from "./provider.ts";

/** What an entry states of a provider; the rest is as it was. */
export interface ProviderLayer {
  readonly id: ProviderId;
  readonly baseUrl?: string;
  readonly protocol?: Provider["protocol"];
  readonly label?: string;
  readonly auth?: Provider["auth"];
  /** Its key, written in the entry itself or already substituted; a reference to a variable when `keyVariable` is set. */
  readonly apiKey?: Secret;
  readonly keyVariable?: string;
  /** `auth` of the entry: how it authenticates. */
  readonly authMode?: "api-key" | "aws-sdk" | "oauth" | "token";
  readonly models: readonly ModelSpec[];
  /** All that is known of a provider that a plugin brings; the facts above are its own as well. */
  readonly whole?: Provider;
}

/** A provider with the entries laid over it, strongest first: of each fact the strongest statement counts. */
export function layOver(provider: Provider, entries: readonly ProviderLayer[]): Provider {
  const baseUrl = first(entries, (entry) => entry.baseUrl) ?? provider.baseUrl;
  const protocol = first(entries, (entry) => entry.protocol) ?? provider.protocol;
  const label = first(entries, (entry) => entry.label) ?? provider.label;
  const auth = first(entries, (entry) => entry.auth) ?? provider.auth;
  return { ...provider, baseUrl, protocol, label, auth };
}

/** Of a provider that only its user defined nobody published anything. */
const UNPUBLISHED: Source = { url: "", checkedOn: "" };

/**
 * A provider that no vendor file describes. Its protocol is that of the entry, else of the first model that names one, else
 * `openai-chat`: older agents took `openai-responses` there, which few servers of one's own answer.
 */
export function ownProvider(entries: readonly ProviderLayer[]): Provider {
  const whole = first(entries, (entry) => entry.whole);
  if (whole !== undefined) return whole;
  const id = entries[0]?.id ?? "";
  const baseUrl = first(entries, (entry) => entry.baseUrl);
  return {
    id,
    label: id,
    protocol: first(entries, (entry) => entry.models.find((model) => model.protocol !== undefined)?.protocol) ?? "openai-chat",
    baseUrl,
    auth: [ownAuth(entries, baseUrl)],
    docs: "",
    quirks: {},
    source: UNPUBLISHED,
  };
}

/** The variable that an entry names for its key is the entry's own: it is found there, not by its name. */
function ownAuth(entries: readonly ProviderLayer[], baseUrl: string | undefined): AuthMethod {
  const mode = first(entries, (entry) => entry.authMode);
  switch (mode) {
    case "aws-sdk":
      return { kind: "delegated", label: "AWS login", to: "aws" };
    case "oauth":
    case "token":
      return { kind: "token", label: "Token", env: [] };
    case "api-key":
      return { kind: "api_key", label: "API key", env: [] };
    case undefined:
      return isKeyless(entries, baseUrl) ? { kind: "none", label: "No key" } : { kind: "api_key", label: "API key", env: [] };
    default:
      return assertNever(mode);
  }
}

function isKeyless(entries: readonly ProviderLayer[], baseUrl: string | undefined): boolean {
  const hasKey = entries.some((entry) => entry.apiKey !== undefined || entry.keyVariable !== undefined);
  return !hasKey && baseUrl !== undefined && isLocal(baseUrl);
}

function first<T>(entries: readonly ProviderLayer[], fact: (entry: ProviderLayer) => T | undefined): T | undefined {
  for (const entry of entries) {
    const value = fact(entry);
    if (value !== undefined) return value;
  }
  return undefined;
}
