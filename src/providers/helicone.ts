import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const helicone = defineProvider({
  id: "helicone",
  label: "Helicone",
  protocol: "openai-chat",
  baseUrl: "https://ai-gateway.helicone.ai/v1",
  auth: [apiKey("HELICONE_API_KEY")],
  docs: "https://helicone.ai/models",
  quirks: {},
  source: MASTRA,
});
