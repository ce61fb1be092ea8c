import { apiKey, defineProvider } from "../provider/provider.ts";
import { MODELS_DEV } from "../provider/sources.ts";

export const cohere = defineProvider({
  id: "cohere",
  label: "Cohere",
  protocol: "openai-chat",
  baseUrl: "https://api.cohere.ai/compatibility/v1",
  auth: [apiKey("COHERE_API_KEY", { page: "https://dashboard.cohere.com/api-keys" })],
  docs: "https://docs.cohere.com/docs/models",
  quirks: {},
  source: { url: "https://docs.cohere.com/docs/compatibility-api", checkedOn: "2026-11-21" },
  facts: { docs: MODELS_DEV, env: MODELS_DEV },
});
