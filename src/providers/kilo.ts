import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const kilo = defineProvider({
  id: "kilo",
  label: "Kilo Gateway",
  protocol: "openai-chat",
  baseUrl: "https://api.kilo.ai/api/gateway",
  auth: [apiKey("KILO_API_KEY")],
  docs: "https://kilo.ai",
  quirks: {},
  source: MASTRA,
});
