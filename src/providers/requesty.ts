import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const requesty = defineProvider({
  id: "requesty",
  label: "Requesty",
  protocol: "openai-chat",
  baseUrl: "https://router.requesty.ai/v1",
  auth: [apiKey("REQUESTY_API_KEY")],
  docs: "https://requesty.ai/solution/llm-routing/models",
  quirks: {},
  source: MASTRA,
});
