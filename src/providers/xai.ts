import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const xai = defineProvider({
  id: "xai",
  label: "xAI",
  aliases: ["x-ai"],
  protocol: "openai-responses",
  baseUrl: "https://api.x.ai/v1",
  auth: [
    apiKey("XAI_API_KEY", { page: "https://console.x.ai" }),
    {
      kind: "oauth",
      label: "Grok login",
      env: [],
      flow: "device",
      note: "SuperGrok and X Premium; xAI decides which accounts it answers, and gives no client of its own to others.",
    },
  ],
  docs: "https://docs.x.ai/docs/models",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
