import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const llmgateway = defineProvider({
  id: "llmgateway",
  label: "LLM Gateway",
  protocol: "openai-chat",
  baseUrl: "https://api.llmgateway.io/v1",
  auth: [apiKey("LLMGATEWAY_API_KEY")],
  docs: "https://llmgateway.io/docs",
  quirks: {},
  source: MASTRA,
});
