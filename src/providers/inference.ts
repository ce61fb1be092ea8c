import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const inference = defineProvider({
  id: "inference",
  label: "Inference.net",
  protocol: "openai-chat",
  baseUrl: "https://inference.net/v1",
  auth: [apiKey("INFERENCE_API_KEY")],
  docs: "https://inference.net/models",
  quirks: {},
  source: MASTRA,
});
