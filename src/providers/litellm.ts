import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const litellm = defineProvider({
  id: "litellm",
  label: "LiteLLM proxy",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:4000/v1",
  auth: [apiKey("LITELLM_API_KEY", { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://docs.litellm.ai",
  local: true,
  quirks: {},
  source: INSTALLATIONS,
});
