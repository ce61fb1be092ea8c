/** A wire format. Vendors' departures from it are quirks in their data, never further protocols. */
export const PROTOCOL_IDS = ["openai-chat", "openai-responses", "anthropic-messages", "google-generate", "bedrock-converse"] as const;
export type ProtocolId = (typeof PROTOCOL_IDS)[number];

/** The names that configs and models.json of existing installations use for wire formats (`api`), and what we call them. */
export const LEGACY_APIS: Readonly<Record<string, ProtocolId>> = {
  "openai-completions": "openai-chat",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generative-ai": "google-generate",
  "github-copilot": "openai-chat",
  "bedrock-converse-stream": "bedrock-converse",
};
