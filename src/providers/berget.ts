import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const berget = defineProvider({
  id: "berget",
  label: "Berget AI",
  protocol: "openai-chat",
  baseUrl: "https://api.berget.ai/v1",
  auth: [apiKey("BERGET_API_KEY")],
  docs: "https://api.berget.ai",
  quirks: {},
  source: MASTRA,
});
