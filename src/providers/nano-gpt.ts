import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const nanoGpt = defineProvider({
  id: "nano-gpt",
  label: "NanoGPT",
  protocol: "openai-chat",
  baseUrl: "https://nano-gpt.com/api/v1",
  auth: [apiKey("NANO_GPT_API_KEY")],
  docs: "https://docs.nano-gpt.com",
  quirks: {},
  source: MASTRA,
});
