import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const cortecs = defineProvider({
  id: "cortecs",
  label: "Cortecs",
  protocol: "openai-chat",
  baseUrl: "https://api.cortecs.ai/v1",
  auth: [apiKey("CORTECS_API_KEY")],
  docs: "https://api.cortecs.ai/v1/models",
  modelsPath: "/models",
  quirks: {},
  source: MASTRA,
});
