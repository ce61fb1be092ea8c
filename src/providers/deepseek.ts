import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const deepseek = defineProvider({
  id: "deepseek",
  label: "DeepSeek",
  protocol: "openai-chat",
  baseUrl: "https://api.deepseek.com",
  auth: [apiKey("DEEPSEEK_API_KEY", { page: "https://platform.deepseek.com/api_keys" })],
  docs: "https://api-docs.deepseek.com/quick_start/pricing",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
