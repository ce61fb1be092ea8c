import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const siliconflow = defineProvider({
  id: "siliconflow",
  label: "SiliconFlow",
  protocol: "openai-chat",
  baseUrl: "https://api.siliconflow.com/v1",
  auth: [apiKey("SILICONFLOW_API_KEY")],
  docs: "https://cloud.siliconflow.com/models",
  quirks: {},
  source: MASTRA,
});
