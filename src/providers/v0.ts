import { apiKey, defineProvider } from "../provider/provider.ts";

export const v0 = defineProvider({
  id: "v0",
  label: "v0",
  protocol: "openai-chat",
  baseUrl: "https://api.v0.dev/v1",
  auth: [apiKey("V0_API_KEY")],
  docs: "https://v0.app/docs/v0-model-api",
  quirks: {},
  source: { url: "https://docs.litellm.ai/docs/providers/v0", checkedOn: "2026-11-21" },
});
