import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const synthetic = defineProvider({
  id: "synthetic",
  label: "Synthetic",
  protocol: "openai-chat",
  baseUrl: "https://api.synthetic.new/openai/v1",
  auth: [apiKey("SYNTHETIC_API_KEY")],
  docs: "https://synthetic.new/pricing",
  quirks: {},
  source: MASTRA,
});
