import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MODELS_DEV } from "../provider/sources.ts";

export const cloudflareAiGateway = defineProvider({
  id: "cloudflare-ai-gateway",
  label: "Cloudflare AI Gateway",
  protocol: "anthropic-messages",
  baseUrl: undefined,
  auth: [
    apiKey("CLOUDFLARE_AI_GATEWAY_API_KEY", {
      label: "Vendor's API key",
      note: "The key of the vendor behind the gateway; the account and the gateway are part of the address.",
    }),
  ],
  docs: "https://developers.cloudflare.com/ai-gateway/",
  quirks: { addressing: "cloudflare-account" },
  source: INSTALLATIONS,
  facts: { docs: MODELS_DEV },
});
