import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const alibabaCodingPlan = defineProvider({
  id: "alibaba-coding-plan",
  label: "Alibaba Coding Plan",
  protocol: "openai-chat",
  baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1",
  auth: [apiKey("ALIBABA_CODING_PLAN_API_KEY")],
  docs: "https://www.alibabacloud.com/help/en/model-studio/coding-plan",
  quirks: {},
  source: MASTRA,
});
