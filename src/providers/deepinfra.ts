import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const deepinfra = defineProvider({
  id: "deepinfra",
  label: "DeepInfra",
  protocol: "openai-chat",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  auth: [apiKey("DEEPINFRA_API_KEY", { page: "https://deepinfra.com/dash/api_keys" })],
  docs: "https://deepinfra.com/models",
  quirks: {},
  source: MASTRA,
  facts: { baseUrl: { url: "https://deepinfra.com/docs/advanced/openai_api", checkedOn: "2026-11-21" } },
});
