import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const zenmux = defineProvider({
  id: "zenmux",
  label: "ZenMux",
  protocol: "openai-chat",
  baseUrl: "https://zenmux.ai/api/v1",
  auth: [apiKey("ZENMUX_API_KEY")],
  docs: "https://docs.zenmux.ai",
  quirks: {},
  source: MASTRA,
});
