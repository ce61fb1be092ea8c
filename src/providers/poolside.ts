import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const poolside = defineProvider({
  id: "poolside",
  label: "Poolside",
  protocol: "openai-chat",
  baseUrl: "https://inference.poolside.ai/v1",
  auth: [apiKey("POOLSIDE_API_KEY")],
  docs: "https://platform.poolside.ai",
  quirks: {},
  source: MASTRA,
});
