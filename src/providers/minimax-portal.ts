import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA } from "../provider/sources.ts";

export const minimaxPortal = defineProvider({
  id: "minimax-portal",
  label: "MiniMax portal",
  protocol: "anthropic-messages",
  baseUrl: "https://api.minimax.io/anthropic",
  auth: [
    {
      kind: "oauth",
      label: "MiniMax login",
      env: ["MINIMAX_OAUTH_TOKEN"],
      flow: "device",
      note: "A login of older agents, which nobody renews: it ends when its token expires.",
    },
    apiKey("MINIMAX_API_KEY"),
  ],
  docs: "https://platform.minimax.io/docs/guides/quickstart",
  quirks: {},
  source: INSTALLATIONS,
  facts: { docs: MASTRA },
});
