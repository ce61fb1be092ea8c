import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const minimax = defineProvider({
  id: "minimax",
  label: "MiniMax",
  protocol: "anthropic-messages",
  baseUrl: "https://api.minimax.io/anthropic",
  auth: [apiKey("MINIMAX_API_KEY", { page: "https://platform.minimax.io/user-center/basic-information/interface-key" })],
  docs: "https://platform.minimax.io/docs/guides/quickstart",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
