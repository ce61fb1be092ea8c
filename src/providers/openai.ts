import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const openai = defineProvider({
  id: "openai",
  label: "OpenAI",
  protocol: "openai-responses",
  baseUrl: "https://api.openai.com/v1",
  auth: [apiKey("OPENAI_API_KEY", { page: "https://platform.openai.com/api-keys" })],
  docs: "https://platform.openai.com/docs/models",
  modelsPath: "/models",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA, modelsPath: { url: "https://community.n8n.io/t/getting-models-openai-compatible/113590", checkedOn: "2026-11-21" } },
});
