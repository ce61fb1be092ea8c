import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const cloudflareWorkersAi = defineProvider({
  id: "cloudflare-workers-ai",
  label: "Cloudflare Workers AI",
  protocol: "openai-chat",
  baseUrl: undefined,
  auth: [apiKey("CLOUDFLARE_API_KEY", { note: "CLOUDFLARE_ACCOUNT_ID is part of the address." })],
  docs: "https://developers.cloudflare.com/workers-ai/models/",
  quirks: { addressing: "cloudflare-account" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
