import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA, PI_AI } from "../provider/sources.ts";

export const kimiCoding = defineProvider({
  id: "kimi-coding",
  label: "Kimi Code",
  aliases: ["kimi-code", "kimi-for-coding", "kimi-code-plan-cn"],
  protocol: "openai-chat",
  baseUrl: "https://api.kimi.com/coding/v1",
  auth: [
    apiKey(["KIMI_API_KEY", "KIMICODE_API_KEY"]),
    { kind: "oauth", label: "Kimi login", env: [], flow: "device", note: "Kimi gives no client of its own to other programs; the key works everywhere." },
  ],
  docs: "https://www.kimi.com/code/docs/en/kimi-code/models.html",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { env: INSTALLATIONS, docs: MASTRA },
});
