import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const stackit = defineProvider({
  id: "stackit",
  label: "STACKIT",
  protocol: "openai-chat",
  baseUrl: "https://api.openai-compat.model-serving.eu01.onstackit.cloud/v1",
  auth: [apiKey("STACKIT_API_KEY")],
  docs: "https://docs.stackit.cloud/products/data-and-ai/ai-model-serving/basics/available-shared-models",
  quirks: {},
  source: MASTRA,
});
