import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const ioNet = defineProvider({
  id: "io-net",
  label: "io.net",
  protocol: "openai-chat",
  baseUrl: "https://api.intelligence.io.solutions/api/v1",
  auth: [apiKey("IOINTELLIGENCE_API_KEY")],
  docs: "https://io.net/docs/guides/intelligence/io-intelligence",
  quirks: {},
  source: MASTRA,
});
