import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const nvidia = defineProvider({
  id: "nvidia",
  label: "NVIDIA",
  protocol: "openai-chat",
  baseUrl: "https://integrate.api.nvidia.com/v1",
  auth: [apiKey("NVIDIA_API_KEY", { prefixes: ["nvapi-"], page: "https://build.nvidia.com/settings" })],
  docs: "https://docs.api.nvidia.com/nim/",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { prefixes: { url: "https://github.com/langchain-ai/langchain-nvidia/blob/main/libs/ai-endpoints/README.md", checkedOn: "2026-11-21" }, docs: MASTRA },
});
