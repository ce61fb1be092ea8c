import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const zhipuai = defineProvider({
  id: "zhipuai",
  label: "Zhipu AI",
  protocol: "openai-chat",
  baseUrl: "https://open.bigmodel.cn/api/paas/v4",
  auth: [apiKey("ZHIPU_API_KEY", { page: "https://open.bigmodel.cn/usercenter/apikeys" })],
  docs: "https://docs.bigmodel.cn/cn/coding-plan/overview",
  quirks: {},
  source: MASTRA,
});
