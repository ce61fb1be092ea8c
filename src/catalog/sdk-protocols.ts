import type { ProtocolId } from "../provider/protocol-id.ts";

/**
 * models.dev, and the packages that are made from it, name a wire format by the client library that speaks it. Libraries that speak
 * a format of their own, or several, are left out: the provider's own format then counts.
 */
const SDK_PROTOCOLS: ReadonlyMap<string, ProtocolId> = new Map<string, ProtocolId>([
  ["@ai-sdk/openai-compatible", "openai-chat"],
  ["@ai-sdk/cerebras", "openai-chat"],
  ["@ai-sdk/deepinfra", "openai-chat"],
  ["@ai-sdk/deepseek", "openai-chat"],
  ["@ai-sdk/groq", "openai-chat"],
  ["@ai-sdk/mistral", "openai-chat"],
  ["@ai-sdk/perplexity", "openai-chat"],
  ["@ai-sdk/togetherai", "openai-chat"],
  ["@openrouter/ai-sdk-provider", "openai-chat"],
  ["@ai-sdk/openai", "openai-responses"],
  ["@ai-sdk/anthropic", "anthropic-messages"],
  ["@ai-sdk/google-vertex/anthropic", "anthropic-messages"],
  ["@ai-sdk/google", "google-generate"],
  ["@ai-sdk/google-vertex", "google-generate"],
  ["@ai-sdk/amazon-bedrock", "bedrock-converse"],
]);

/** `shape` is models.dev's word for which of OpenAI's two formats a model wants. */
export function sdkProtocol(library: unknown, shape?: unknown): ProtocolId | undefined {
  if (shape === "responses") return "openai-responses";
  if (shape === "completions") return "openai-chat";
  return typeof library === "string" ? SDK_PROTOCOLS.get(library) : undefined;
}
