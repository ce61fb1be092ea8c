import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const baseten = defineProvider({
  id: "baseten",
  label: "Baseten",
  protocol: "openai-chat",
  baseUrl: "https://inference.baseten.co/v1",
  auth: [apiKey("BASETEN_API_KEY")],
  docs: "https://docs.baseten.co/inference/model-apis/overview",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
