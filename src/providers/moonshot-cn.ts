import { defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const moonshotCn = defineProvider({
  id: "moonshot-cn",
  label: "Moonshot AI (China)",
  aliases: ["moonshotai-cn"],
  protocol: "openai-chat",
  baseUrl: "https://api.moonshot.cn/v1",
  auth: [
    {
      kind: "api_key",
      label: "API key",
      env: [],
      page: "https://platform.moonshot.cn/console/api-keys",
      note: "A key of platform.moonshot.cn; MOONSHOT_API_KEY belongs to `moonshot`.",
    },
  ],
  docs: "https://platform.moonshot.cn/docs/api/chat",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
