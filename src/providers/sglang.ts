import { apiKey, defineProvider } from "../provider/provider.ts";

export const sglang = defineProvider({
  id: "sglang",
  label: "SGLang",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:30000/v1",
  auth: [apiKey("SGLANG_API_KEY", { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://docs.sglang.io/docs/get-started/quickstart",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: { url: "https://docs.openclaw.ai/providers/sglang", checkedOn: "2026-11-21" },
});
