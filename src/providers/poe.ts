import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const poe = defineProvider({
  id: "poe",
  label: "Poe",
  protocol: "openai-chat",
  baseUrl: "https://api.poe.com/v1",
  auth: [apiKey("POE_API_KEY", { page: "https://poe.com/api_key" })],
  docs: "https://creator.poe.com/docs/external-applications/openai-compatible-api",
  quirks: {},
  source: MASTRA,
});
