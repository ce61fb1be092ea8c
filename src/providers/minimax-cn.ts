import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const minimaxCn = defineProvider({
  id: "minimax-cn",
  label: "MiniMax (China)",
  protocol: "anthropic-messages",
  baseUrl: "https://api.minimaxi.com/anthropic",
  auth: [apiKey("MINIMAX_CN_API_KEY", { page: "https://platform.minimaxi.com/user-center/basic-information/interface-key" })],
  docs: "https://platform.minimaxi.com/docs/guides/quickstart",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
