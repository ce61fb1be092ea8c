import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const ollama = defineProvider({
  id: "ollama",
  label: "Ollama",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:11434/v1",
  auth: [apiKey("OLLAMA_API_KEY", { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://docs.ollama.com",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: INSTALLATIONS,
  facts: { modelsPath: { url: "https://www.w3cschool.cn/ollamadocs/ollamadocs-api-openai-compatibility.html", checkedOn: "2026-11-21" } },
});
