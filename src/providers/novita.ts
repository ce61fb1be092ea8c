import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const novita = defineProvider({
  id: "novita",
  label: "Novita AI",
  aliases: ["novita-ai"],
  protocol: "openai-chat",
  baseUrl: "https://api.novita.ai/openai",
  auth: [apiKey("NOVITA_API_KEY")],
  docs: "https://novita.ai/docs/guides/introduction",
  quirks: {},
  source: MASTRA,
});
