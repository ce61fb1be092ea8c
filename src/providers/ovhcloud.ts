import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const ovhcloud = defineProvider({
  id: "ovhcloud",
  label: "OVHcloud AI Endpoints",
  protocol: "openai-chat",
  baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
  auth: [apiKey("OVHCLOUD_API_KEY")],
  docs: "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/",
  quirks: {},
  source: MASTRA,
});
