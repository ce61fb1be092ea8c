import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const arcee = defineProvider({
  id: "arcee",
  label: "Arcee",
  protocol: "openai-chat",
  baseUrl: "https://api.arcee.ai/api/v1",
  auth: [apiKey("ARCEE_API_KEY")],
  docs: "https://docs.arcee.ai",
  quirks: {},
  source: MASTRA,
});
