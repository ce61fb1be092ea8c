import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const meta = defineProvider({
  id: "meta",
  label: "Meta",
  protocol: "openai-responses",
  baseUrl: "https://api.meta.ai/v1",
  auth: [apiKey(["META_API_KEY", "META_MODEL_API_KEY"])],
  docs: "https://dev.meta.ai/docs",
  quirks: {},
  source: PI_AI,
  facts: { env: MASTRA, docs: MASTRA },
});
