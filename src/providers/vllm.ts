import { apiKey, defineProvider } from "../provider/provider.ts";

export const vllm = defineProvider({
  id: "vllm",
  label: "vLLM",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:8000/v1",
  auth: [apiKey("VLLM_API_KEY", { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: { url: "https://docs.openclaw.ai/providers/vllm", checkedOn: "2026-11-21" },
});
