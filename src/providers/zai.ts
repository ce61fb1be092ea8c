import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA, PI_AI } from "../provider/sources.ts";

export const zai = defineProvider({
  id: "zai",
  label: "Z.AI",
  aliases: ["z.ai", "z-ai"],
  protocol: "openai-chat",
  baseUrl: "https://api.z.ai/api/coding/paas/v4",
  auth: [apiKey(["ZAI_API_KEY", "Z_AI_API_KEY", "ZHIPU_API_KEY"], { page: "https://z.ai/manage-apikey/apikey-list" })],
  docs: "https://docs.z.ai/devpack/overview",
  quirks: { maxTokensField: "max_tokens" },
  note: "The address of the coding plan, as installations use it; a key that pays by use needs the base URL https://api.z.ai/api/paas/v4.",
  source: PI_AI,
  facts: { env: INSTALLATIONS, docs: MASTRA, note: MASTRA },
});
