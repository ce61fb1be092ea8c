import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const tinfoil = defineProvider({
  id: "tinfoil",
  label: "Tinfoil",
  protocol: "openai-chat",
  baseUrl: "https://inference.tinfoil.sh/v1",
  auth: [apiKey("TINFOIL_API_KEY")],
  docs: "https://docs.tinfoil.sh",
  quirks: {},
  source: MASTRA,
});
