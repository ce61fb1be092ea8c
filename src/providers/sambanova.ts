import { apiKey, defineProvider } from "../provider/provider.ts";

export const sambanova = defineProvider({
  id: "sambanova",
  label: "SambaNova",
  protocol: "openai-chat",
  baseUrl: "https://api.sambanova.ai/v1",
  auth: [apiKey("SAMBANOVA_API_KEY", { page: "https://cloud.sambanova.ai/apis" })],
  docs: "https://docs.sambanova.ai/docs/en/features/openai-compatibility",
  quirks: {},
  source: { url: "https://docs.pipecat.ai/api-reference/server/services/llm/sambanova", checkedOn: "2026-11-21" },
});
