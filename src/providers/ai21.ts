import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const ai21 = defineProvider({
  id: "ai21",
  label: "AI21 Labs",
  protocol: "openai-chat",
  baseUrl: "https://api.ai21.com/studio/v1",
  auth: [apiKey("AI21_API_KEY")],
  docs: "https://docs.ai21.com/docs/jamba-foundation-models",
  quirks: {},
  source: MASTRA,
});
