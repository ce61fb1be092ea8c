import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const groq = defineProvider({
  id: "groq",
  label: "Groq",
  protocol: "openai-chat",
  baseUrl: "https://api.groq.com/openai/v1",
  auth: [apiKey("GROQ_API_KEY", { prefixes: ["gsk_"], page: "https://console.groq.com/keys" })],
  docs: "https://console.groq.com/docs/models",
  quirks: {},
  source: PI_AI,
  facts: { prefixes: { url: "https://ngrok.com/docs/ai-gateway/providers/groq", checkedOn: "2026-11-21" }, docs: MASTRA },
});
