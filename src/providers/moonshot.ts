import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const moonshot = defineProvider({
  id: "moonshot",
  label: "Moonshot AI",
  aliases: ["moonshotai"],
  protocol: "openai-chat",
  baseUrl: "https://api.moonshot.ai/v1",
  auth: [apiKey("MOONSHOT_API_KEY", { page: "https://platform.moonshot.ai/console/api-keys" })],
  docs: "https://platform.moonshot.ai/docs/api/chat",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
