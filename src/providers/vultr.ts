import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const vultr = defineProvider({
  id: "vultr",
  label: "Vultr",
  protocol: "openai-chat",
  baseUrl: "https://api.vultrinference.com/v1",
  auth: [apiKey("VULTR_API_KEY")],
  docs: "https://api.vultrinference.com/",
  quirks: {},
  source: MASTRA,
});
