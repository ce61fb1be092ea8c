import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const alibaba = defineProvider({
  id: "alibaba",
  label: "Alibaba Model Studio",
  protocol: "openai-chat",
  baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  auth: [apiKey("DASHSCOPE_API_KEY")],
  docs: "https://www.alibabacloud.com/help/en/model-studio/models",
  quirks: {},
  source: MASTRA,
});
