import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const qianfan = defineProvider({
  id: "qianfan",
  label: "Baidu Qianfan",
  protocol: "openai-chat",
  baseUrl: "https://qianfan.baidubce.com/v2",
  auth: [apiKey("QIANFAN_API_KEY", { page: "https://console.bce.baidu.com/qianfan/ais/console/apiKey" })],
  docs: "https://cloud.baidu.com/doc/qianfan-api/s/3m7of64lb",
  quirks: {},
  source: INSTALLATIONS,
});
