import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const modelscope = defineProvider({
  id: "modelscope",
  label: "ModelScope",
  protocol: "openai-chat",
  baseUrl: "https://api-inference.modelscope.cn/v1",
  auth: [apiKey("MODELSCOPE_API_KEY", { page: "https://modelscope.cn/my/myaccesstoken" })],
  docs: "https://modelscope.cn/docs/model-service/API-Inference/intro",
  quirks: {},
  source: MASTRA,
});
