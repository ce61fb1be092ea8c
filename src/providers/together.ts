import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const together = defineProvider({
  id: "together",
  label: "Together AI",
  aliases: ["togetherai"],
  protocol: "openai-chat",
  baseUrl: "https://api.together.ai/v1",
  auth: [apiKey("TOGETHER_API_KEY", { page: "https://api.together.ai/settings/api-keys" })],
  docs: "https://docs.together.ai/docs/serverless-models",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
