import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const upstage = defineProvider({
  id: "upstage",
  label: "Upstage",
  protocol: "openai-chat",
  baseUrl: "https://api.upstage.ai/v1/solar",
  auth: [apiKey("UPSTAGE_API_KEY")],
  docs: "https://developers.upstage.ai/docs/apis/chat",
  quirks: {},
  source: MASTRA,
});
