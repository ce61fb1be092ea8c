import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const venice = defineProvider({
  id: "venice",
  label: "Venice AI",
  protocol: "openai-chat",
  baseUrl: "https://api.venice.ai/api/v1",
  auth: [apiKey("VENICE_API_KEY", { page: "https://venice.ai/settings/api" })],
  docs: "https://docs.venice.ai",
  modelsPath: "/models",
  quirks: {},
  source: { url: "https://docs.venice.ai/zh/overview/about-venice.md", checkedOn: "2026-11-21" },
  facts: { modelsPath: INSTALLATIONS },
});
