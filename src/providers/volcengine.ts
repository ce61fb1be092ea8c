import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const volcengine = defineProvider({
  id: "volcengine",
  label: "Volcengine Ark",
  protocol: "openai-chat",
  baseUrl: "https://ark.cn-beijing.volces.com/api/v3",
  auth: [apiKey("ARK_API_KEY")],
  docs: "https://www.volcengine.com/docs/82379/1330310",
  quirks: {},
  source: MASTRA,
});
