import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const cerebras = defineProvider({
  id: "cerebras",
  label: "Cerebras",
  protocol: "openai-chat",
  baseUrl: "https://api.cerebras.ai/v1",
  auth: [apiKey("CEREBRAS_API_KEY", { page: "https://cloud.cerebras.ai" })],
  docs: "https://inference-docs.cerebras.ai/models/overview",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
