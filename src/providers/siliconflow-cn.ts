import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const siliconflowCn = defineProvider({
  id: "siliconflow-cn",
  label: "SiliconFlow (China)",
  protocol: "openai-chat",
  baseUrl: "https://api.siliconflow.cn/v1",
  auth: [apiKey("SILICONFLOW_CN_API_KEY", { page: "https://cloud.siliconflow.cn/account/ak" })],
  docs: "https://cloud.siliconflow.com/models",
  quirks: {},
  source: MASTRA,
});
