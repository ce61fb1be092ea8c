/**
 * Ids that were checked once and are trusted afterwards. A plain string is not one of them; the only casts are in this file.
 */
declare const tag: unique symbol;
type Tagged<Name extends string> = string & { readonly [tag]: Name };

export type ProviderId = Tagged<"ProviderId">;
export type ModelId = Tagged<"ModelId">;
export type ProfileId = Tagged<"ProfileId">;
export type AgentId = Tagged<"AgentId">;

/** Trimmed and lower-cased. Aliases such as `z.ai` are resolved by `ProviderRegistry.idOf`, which knows the vendors. */
export function toProviderId(text: string): ProviderId {
  return text.trim().toLowerCase() as ProviderId;
}

/** Trimmed; a model id keeps its case and its inner slashes. */
export function toModelId(text: string): ModelId {
  return text.trim() as ModelId;
}

/** `provider:name`; opaque, kept as written. */
export function toProfileId(text: string): ProfileId {
  return text as ProfileId;
}

/** The agent of an installation that names none. */
export const MAIN_AGENT = "main" as AgentId;

/** Lower-cased; runs of other characters become `-`; at most 64; empty becomes `main`. */
export function toAgentId(text: string): AgentId {
  const cleaned = text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .slice(0, 64)
    .replace(/^[^a-z0-9]+|-+$/g, "");
  return cleaned === "" ? MAIN_AGENT : (cleaned as AgentId);
}
