import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const inception = defineProvider({
  id: "inception",
  label: "Inception",
  protocol: "openai-chat",
  baseUrl: "https://api.inceptionlabs.ai/v1",
  auth: [apiKey("INCEPTION_API_KEY")],
  docs: "https://docs.inceptionlabs.ai/get-started/models",
  quirks: {},
  source: MASTRA,
});
