import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const stepfun = defineProvider({
  id: "stepfun",
  label: "StepFun",
  protocol: "openai-chat",
  baseUrl: "https://api.stepfun.com/v1",
  auth: [apiKey("STEPFUN_API_KEY")],
  docs: "https://platform.stepfun.com/docs/zh/overview/concept",
  quirks: {},
  source: MASTRA,
});
