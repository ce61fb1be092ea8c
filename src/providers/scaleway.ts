import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const scaleway = defineProvider({
  id: "scaleway",
  label: "Scaleway",
  protocol: "openai-chat",
  baseUrl: "https://api.scaleway.ai/v1",
  auth: [apiKey("SCALEWAY_API_KEY", { page: "https://console.scaleway.com/iam/api-keys" })],
  docs: "https://www.scaleway.com/en/docs/generative-apis/",
  quirks: {},
  source: MASTRA,
});
