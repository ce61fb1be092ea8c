import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const nebius = defineProvider({
  id: "nebius",
  label: "Nebius Token Factory",
  protocol: "openai-chat",
  baseUrl: "https://api.tokenfactory.nebius.com/v1",
  auth: [apiKey("NEBIUS_API_KEY")],
  docs: "https://docs.tokenfactory.nebius.com/",
  quirks: {},
  source: MASTRA,
});
