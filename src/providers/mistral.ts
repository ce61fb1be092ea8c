import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const mistral = defineProvider({
  id: "mistral",
  label: "Mistral",
  protocol: "openai-chat",
  baseUrl: "https://api.mistral.ai/v1",
  auth: [apiKey("MISTRAL_API_KEY", { page: "https://console.mistral.ai/api-keys" })],
  docs: "https://docs.mistral.ai/getting-started/models/",
  quirks: {},
  source: MASTRA,
});
