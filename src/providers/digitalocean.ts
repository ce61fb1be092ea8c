import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const digitalocean = defineProvider({
  id: "digitalocean",
  label: "DigitalOcean",
  protocol: "openai-chat",
  baseUrl: "https://inference.do-ai.run/v1",
  auth: [apiKey("DIGITALOCEAN_ACCESS_TOKEN")],
  docs: "https://docs.digitalocean.com/products/gradient-ai-platform/details/models/",
  quirks: {},
  source: MASTRA,
});
