import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const friendli = defineProvider({
  id: "friendli",
  label: "Friendli",
  protocol: "openai-chat",
  baseUrl: "https://api.friendli.ai/serverless/v1",
  auth: [apiKey("FRIENDLI_TOKEN")],
  docs: "https://friendli.ai/docs/guides/serverless_endpoints/introduction",
  quirks: {},
  source: MASTRA,
});
