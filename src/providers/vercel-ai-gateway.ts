import { apiKey, defineProvider } from "../provider/provider.ts";
import { PI_AI } from "../provider/sources.ts";

export const vercelAiGateway = defineProvider({
  id: "vercel-ai-gateway",
  label: "Vercel AI Gateway",
  aliases: ["vercel"],
  protocol: "anthropic-messages",
  baseUrl: "https://ai-gateway.vercel.sh",
  auth: [
    apiKey("AI_GATEWAY_API_KEY"),
    {
      kind: "token",
      label: "Vercel OIDC token",
      env: ["VERCEL_OIDC_TOKEN"],
      note: "Made by Vercel for a project; `vercel env pull` brings it, and it lasts 12 hours.",
    },
  ],
  docs: "https://vercel.com/docs/ai-gateway",
  modelsPath: "/v1/models",
  quirks: {},
  source: PI_AI,
  facts: {
    auth: { url: "https://vercel.com/docs/ai-gateway/authentication-and-byok/oidc", checkedOn: "2026-11-21" },
    modelsPath: { url: "https://docs.litellm.ai/docs/providers/vercel_ai_gateway", checkedOn: "2026-11-21" },
  },
});
