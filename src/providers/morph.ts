import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const morph = defineProvider({
  id: "morph",
  label: "Morph",
  protocol: "openai-chat",
  baseUrl: "https://api.morphllm.com/v1",
  auth: [apiKey("MORPH_API_KEY")],
  docs: "https://docs.morphllm.com/api-reference/introduction",
  quirks: {},
  source: MASTRA,
});
