import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const huggingface = defineProvider({
  id: "huggingface",
  label: "Hugging Face",
  protocol: "openai-chat",
  baseUrl: "https://router.huggingface.co/v1",
  auth: [
    apiKey(["HF_TOKEN", "HUGGINGFACE_HUB_TOKEN"], { label: "Access token", page: "https://huggingface.co/settings/tokens" }),
    { kind: "oauth", label: "Hugging Face login", env: [], flow: "device", note: "Needs an OAuth application that you register yourself." },
  ],
  docs: "https://huggingface.co/docs/inference-providers",
  modelsPath: "/models",
  quirks: {},
  source: PI_AI,
  facts: {
    env: { url: "https://openclawlab.com/zh-cn/docs/providers/huggingface/", checkedOn: "2026-11-21" },
    modelsPath: { url: "https://openclawlab.com/zh-cn/docs/providers/huggingface/", checkedOn: "2026-11-21" },
    docs: MASTRA,
  },
});
