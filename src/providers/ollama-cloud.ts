import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const ollamaCloud = defineProvider({
  id: "ollama-cloud",
  label: "Ollama Cloud",
  protocol: "openai-chat",
  baseUrl: "https://ollama.com/v1",
  auth: [apiKey("OLLAMA_API_KEY", { page: "https://ollama.com/settings/keys" })],
  docs: "https://docs.ollama.com/cloud",
  quirks: {},
  source: MASTRA,
});
